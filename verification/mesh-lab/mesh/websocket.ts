/** As much of the WebSocket protocol as an echo needs: short text messages in single frames (RFC 6455). */
import { createHash, randomBytes } from 'node:crypto';
import { type ClientRequest, type Server } from 'node:http';
import { type Server as HttpsServer } from 'node:https';
import { type Duplex } from 'node:stream';

const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const FINAL_TEXT = 0x81;
const MASKED = 0x80;
const LONGEST_SHORT_PAYLOAD = 125;

const acceptOf = (key: string) =>
  createHash('sha1')
    .update(key + HANDSHAKE_GUID)
    .digest('base64');

/** Makes an application answer every WebSocket, and send back what it receives. */
export function echoWebSockets(server: Server | HttpsServer): void {
  server.on('upgrade', (request, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    socket.write(
      [
        'HTTP/1.1 101 Switching Protocols',
        'Connection: Upgrade',
        'Upgrade: websocket',
        `Sec-WebSocket-Accept: ${acceptOf(String(request.headers['sec-websocket-key']))}`,
        '\r\n',
      ].join('\r\n'),
    );
    socket.on('data', (frame: Buffer) => socket.write(frameOf(textOf(frame))));
    socket.on('end', () => socket.end());
  });
}

export const WEBSOCKET_HEADERS = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
} as const;

/** A client's open WebSocket. */
export interface WebSocketClient {
  /** Sends a message and returns the next one. */
  readonly exchange: (message: string) => Promise<string>;
  readonly close: () => void;
}

/**
 * Sends the request and waits for the switch of protocols.
 *
 * @param open sends the request with these headers
 * @returns the status if the server does not switch
 */
export function openWebSocket(
  open: (headers: Readonly<Record<string, string>>) => ClientRequest,
): Promise<WebSocketClient | number> {
  const key = randomBytes(16).toString('base64');
  return new Promise((resolve, reject) => {
    const request = open({ ...WEBSOCKET_HEADERS, 'sec-websocket-key': key });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('upgrade', (response, socket) => {
      socket.on('error', () => socket.destroy());
      if (response.headers['sec-websocket-accept'] !== acceptOf(key))
        return reject(new Error('the WebSocket was accepted with another key'));
      resolve({
        exchange: (message) =>
          new Promise((received, failed) => {
            socket.once('data', (frame: Buffer) => received(textOf(frame)));
            socket.once('close', () => failed(new Error('the WebSocket was closed')));
            socket.write(frameOf(message, randomBytes(4)));
          }),
        close: () => socket.destroy(),
      });
    });
    request.end();
  });
}

/** @param mask required from clients */
function frameOf(text: string, mask?: Buffer): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > LONGEST_SHORT_PAYLOAD) throw new Error('the message is too long for this client');
  if (mask === undefined) return Buffer.concat([Buffer.from([FINAL_TEXT, payload.length]), payload]);
  return Buffer.concat([Buffer.from([FINAL_TEXT, MASKED | payload.length]), mask, masked(payload, mask)]);
}

function textOf(frame: Buffer): string {
  const length = (frame[1] ?? 0) & ~MASKED;
  if (((frame[1] ?? 0) & MASKED) === 0) return frame.subarray(2, 2 + length).toString();
  return masked(frame.subarray(6, 6 + length), frame.subarray(2, 6)).toString();
}

function masked(payload: Buffer, mask: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}
