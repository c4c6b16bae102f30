import { keys, texts, type SharedName } from '../shared-names';

const CREATED = 'workflow source create_weight_cap steps * create try args';
const RECEIPT = 'workflow source notify_pipeline steps * notify_each for steps * write_receipt try args';
const LISTED = 'workflow source enforce_on_canary steps * list_records try args';
const CAP_POLICY = 'objects canary_weight_cap_policy spec';
const CAP_BINDING = 'objects canary_weight_cap_binding spec';
const RECORD_POLICY = 'objects canary_record_policy spec';
const CONTROLLER_POLICY = 'objects canary_controller_policy spec';

/** Names in the cluster: ConfigMaps, routes, admission policies, and the plan that reads them. */
export const CLUSTER_NAMES: readonly SharedName[] = [
  {
    name: 'namespace of weight caps',
    definedBy: texts('the namespace', 'objects canary_namespace metadata name'),
    usedBy: [
      texts('the workflow that creates them', `${CREATED} url`, /(?<=namespaces\/)[\w-]+/g),
      texts('the weight cap', `${CREATED} body metadata namespace`),
      texts('the workflow that writes receipts', `${RECEIPT} url`, /(?<=namespaces\/)[\w-]+/g),
      texts('the receipt', `${RECEIPT} body metadata namespace`),
      texts('the workflow that lists them', `${LISTED} url`, /(?<=namespaces\/)[\w-]+/g),
      texts('the parameters of the admission policy', `${CAP_BINDING} paramRef namespace`),
      texts('the plan', 'plan namespace'),
      texts('the command', 'command metadata namespace'),
      texts('the role', 'objects canary_rollback_weight_cap_writer metadata namespace'),
      texts('the role binding', 'objects canary_rollback_weight_cap_writer_binding metadata namespace'),
      texts('the viewers', 'objects roles_weight_cap_viewers metadata namespace'),
      texts("the controller's policy", CONTROLLER_POLICY, /(?<=request\.namespace == ')[\w-]+/g),
      texts('the policy of records', RECORD_POLICY, /(?<=object\.metadata\.namespace == ')[\w-]+/g),
    ],
  },
  {
    name: 'labels of weight caps',
    definedBy: keys('the weight cap', `${CREATED} body metadata labels`),
    usedBy: [
      keys('the parameters of the admission policy', `${CAP_BINDING} paramRef selector matchLabels`),
      texts('the plan', 'plan label_selector', /^[^=]+/g),
      keys('the command', 'command metadata labels'),
      keys(
        'the selector of the policy of records',
        `${RECORD_POLICY} matchConstraints objectSelector matchLabels`,
      ),
      texts('the policy of records', `${RECORD_POLICY} validations`, /(?<=metadata\.labels\[')[^']+/g),
      texts("the controller's policy", CONTROLLER_POLICY, /(?<=\(object\.metadata\.\?labels\[')[^']+/g),
      texts('the workflow that lists them', `${LISTED} query`, /[\w-]+\/[\w-]+(?==)/g),
      texts(
        'the workflow that enforces them',
        'workflow source lower_weights',
        /(?<=not \(")[^"]+(?=" in record)/g,
      ),
    ],
  },
  {
    name: 'value of the label',
    definedBy: texts('the weight cap', `${CREATED} body metadata labels`, /^\w+$/g),
    usedBy: [
      texts('the parameters of the admission policy', `${CAP_BINDING} paramRef selector matchLabels`),
      texts('the plan', 'plan label_selector', /(?<==).+/g),
      texts('the policy of records', `${RECORD_POLICY} matchConstraints objectSelector matchLabels`),
      texts("the controller's policy", CONTROLLER_POLICY, /(?<=orValue\(''\) == ')\w+/g),
    ],
  },
  {
    name: 'label that protects the namespace',
    definedBy: keys('the namespace', 'objects canary_namespace metadata labels'),
    usedBy: [keys('the policy of records', `${RECORD_POLICY} matchConstraints objectSelector matchLabels`)],
  },
  {
    name: 'labels of receipts',
    definedBy: keys('the receipt', `${RECEIPT} body metadata labels`),
    usedBy: [
      texts("the controller's policy", CONTROLLER_POLICY, /(?<=\|\| object\.metadata\.\?labels\[')[^']+/g),
      texts('the workflow that lists them', `${LISTED} query`, /[\w-]+\/[\w-]+(?==)/g),
    ],
  },
  {
    name: 'fields of weight caps',
    definedBy: keys('the weight cap', `${CREATED} body data`),
    usedBy: [
      keys('the command', 'command data'),
      texts('the fields that must exist', RECORD_POLICY, /\w+(?='(, '\w+')*\]\.all\(f, f in object\.data)/g),
      texts('the policy of records', RECORD_POLICY, /(?<=object\.data\.)\w+/g),
      texts('the policy of weight caps', CAP_POLICY, /(?<=params\.data\.)\w+/g),
      texts('the plan', 'plan locals', /(?<=c\.data\.)\w+/g),
      texts('the workflow that enforces them', 'workflow source lower_weights', /(?<=record\.data\.)\w+/g),
    ],
  },
  {
    name: 'prefix of the names of weight caps',
    definedBy: texts('the weight cap', `${CREATED} body metadata name`, /(?<=^\$\{")[^"]+/g),
    usedBy: [
      texts('the command', 'command metadata name', /^.+?(?=checkout\.r)/g),
      texts('the policy of records', RECORD_POLICY, /(?<=metadata\.name\.startsWith\(')[^']+/g),
      texts(
        'the workflow that derives receipts',
        'workflow source enforce_on_canary',
        /(?<=replace_all\(name, ")[^"]+/g,
      ),
    ],
  },
  {
    name: 'label of routes that split traffic',
    definedBy: keys('the routes', 'routes * metadata labels'),
    usedBy: [
      texts('the scheduled run', 'workflow source main steps * read_settings assign * label_selector'),
    ],
  },
  {
    name: 'label of the routes of one service',
    definedBy: keys('the routes', 'routes * metadata labels', /^[^/]+(?=\/checkout$)/g),
    usedBy: [
      texts(
        'the run for one service',
        'workflow source main steps * select_service',
        /(?<=\$\{")[^"]+(?=\/" \+ labels)/g,
      ),
      texts(
        'the workflow that creates weight caps',
        'workflow source create_weight_caps',
        /(?<=\$\{")[^"]+(?=\/" \+ labels)/g,
      ),
    ],
  },
  {
    name: 'annotations of routes that split traffic',
    definedBy: keys(
      'the routes',
      'routes * metadata annotations',
      /^[^/]+(?=\/checkout$)|^.+\/acknowledged.+$/g,
    ),
    usedBy: [
      texts(
        'the workflow',
        'workflow source canaries_of',
        /(?<=")[\w.-]+(?=\/")|(?<=annotations, ")[\w-]+\/[\w-]+(?=")/g,
      ),
      texts(
        'the policy of weight caps',
        CAP_POLICY,
        /(?<=')[\w.-]+(?=\/' \+ params)|(?<=variables\.annotations\[')[^']+|(?<=')[\w-]+\/[\w-]+(?=' in variables\.annotations)/g,
      ),
      texts("the controller's policy", CONTROLLER_POLICY, /(?<=k\.startsWith\(')[^'/]+/g),
    ],
  },
  {
    name: 'values of these annotations',
    definedBy: texts('the routes', 'routes * metadata annotations'),
    usedBy: [
      texts('the release of the plan', 'plan locals', /(?<=c\.data\.\w+ == ")[^"]+/g),
      texts('the acknowledged incidents of the plan', 'plan locals', /(?<=contains\(\[")[^"]+/g),
    ],
  },
  {
    name: 'host of the canary',
    definedBy: texts('the destinations of the routes', 'routes * spec http', /^.+\.svc\.cluster\.local.*$/g),
    usedBy: [texts('the annotations', 'routes * metadata annotations', /^.+\.svc\.cluster\.local.*$/g)],
  },
];
