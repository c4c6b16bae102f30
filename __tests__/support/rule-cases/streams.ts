import { edited } from '../catalogue-fixture';
import { CART, STOCK, WEB, type Changes, type RuleCase } from './rule-case';

/** stock with a stream for cart, which calls GET /stock/*. */
const stockStream = (fields: string, shop: Changes = {}): Changes =>
  edited(STOCK, 'timeoutMs', `streams:\n  - { ${fields} }\ntimeoutMs`, shop);
/** A stock with a canary policy, whose requests suffice. */
const stockWithCanary = edited(
  STOCK,
  'slos: { expectedRequestsPerSecond: 5 }',
  'slos: { expectedRequestsPerSecond: 300 }\ncanary: { stepsPercent: [25, 50, 100] }',
);
const chat = (inner: string): Changes =>
  edited(
    WEB,
    'paths: [/, /*], jwt: none }',
    'paths: [/, /*], jwt: none }\nstreams:\n  - { methods: [GET], paths: [/chat/*], webSocket: true }',
    edited(
      CART,
      'calls:',
      `ingress:\n  - { host: web, methods: [GET], paths: [${inner}], jwt: required }\ncalls:`,
    ),
  );

export const STREAM_CASES: readonly RuleCase[] = [
  {
    rule: 'RES-016',
    breaks: stockStream('methods: [GET], paths: [/stocks/events]'),
    finding:
      "services/stock.yaml:8:31: streams[0].paths[0]: no route and no call allows GET on '/stocks/events'; add the method and path to 'ingress' or to the calls of a caller, or remove them from the stream [RES-016]",
    inside: stockStream('methods: [GET], paths: [/stock/events]'),
  },
  {
    rule: 'RES-016',
    breaks: stockStream('methods: [POST], paths: [/stock/events]'),
    finding:
      "services/stock.yaml:8:32: streams[0].paths[0]: no route and no call allows POST on '/stock/events'; add the method and path to 'ingress' or to the calls of a caller, or remove them from the stream [RES-016]",
    inside: stockStream('methods: [GET, POST], paths: [/stock/events]'),
  },
  {
    rule: 'CAN-006',
    breaks: stockStream('methods: [GET], paths: [/stock/*]', stockWithCanary),
    finding:
      'services/stock.yaml:11:9: canary: every request of the service is a stream; remove canary: a new version replaces the old one pod by pod, and cut streams are opened again [CAN-006]',
    inside: stockStream('methods: [GET], paths: [/stock/events/*]', stockWithCanary),
  },
  {
    rule: 'SEC-009',
    breaks: chat('/chat/rooms'),
    finding:
      "services/web.yaml:10:30: streams[0].paths: the WebSocket '/chat/*' contains '/chat/rooms' of 'cart'; give the WebSocket a path of its own [SEC-009]",
    inside: chat('/chats/rooms'),
  },
];
