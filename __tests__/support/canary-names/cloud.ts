import { keys, texts, type SharedName } from '../shared-names';

/** In references such as `${google_pubsub_topic.canary_rollback_incidents.id}`. */
const TOPIC = /(?<=google_pubsub_topic\.)\w+/g;
const POLICIES = ['weight_cap', 'controller', 'record'];

/** Names in Google Cloud: alerts, topics, events, settings and accounts, and the objects that bind them. */
export const CLOUD_NAMES: readonly SharedName[] = [
  {
    name: 'user labels of alert policies',
    definedBy: keys('the alert policies', 'alerts * user_labels'),
    usedBy: [
      texts(
        'the check of notifications',
        'workflow source main',
        /(?<=")\w+(?=" in notification\.incident\.policy)/g,
      ),
      texts('the run for one service', 'workflow source main', /(?<=labels\.)\w+/g),
      texts(
        'the check of open alerts',
        'workflow source process_open_incident',
        /\w+(?=\\?" in alert\.policy\.userLabels)/g,
      ),
      texts('the workflow that lists routes', 'workflow source create_weight_caps', /(?<=labels\.)\w+/g),
      texts(
        'the workflow that creates weight caps',
        'workflow source create_weight_cap',
        /(?<=\blabels\.)\w+/g,
      ),
    ],
  },
  {
    name: 'actions',
    definedBy: texts('the policy of records', 'objects canary_record_policy', /\w+(?='(, '\w+')*\] &&)/g),
    usedBy: [
      texts('the alert policies', 'alerts * user_labels action'),
      texts('the workflow', 'workflow source create_weight_cap steps * choose_weight', /(?<=!= ")\w+/g),
      texts('the condition of the policy', 'objects canary_record_policy', /(?<=\.action != ')\w+/g),
    ],
  },
  {
    name: 'service',
    definedBy: keys('the routes', 'routes * metadata labels', /(?<=^split\..+\/).+$/g),
    usedBy: [texts('the alert policies', 'alerts * user_labels service')],
  },
  {
    name: 'namespaces of the routes',
    definedBy: texts('the settings of the workflow', 'workflow user_env_vars NAMESPACES', /[^,]+/g),
    usedBy: [
      texts('the routes', 'routes * metadata namespace'),
      texts('the alert policies', 'alerts * user_labels namespace'),
      texts('the role binding', 'objects purchasing_domain_canary_rollback metadata namespace'),
      texts(
        'the role binding for public hosts',
        'objects ingress_gateway_canary_rollback metadata namespace',
      ),
      texts('the run for one service', 'workflow source main steps * select_service assign * namespaces 0'),
      texts(
        'the workflow that creates weight caps',
        'workflow source create_weight_caps steps * read_labels assign * namespaces 0',
      ),
    ],
  },
  {
    name: 'notification channel',
    definedBy: texts(
      'the channel to the topic',
      'outputs',
      /(?<=google_monitoring_notification_channel\.)canary\w+/g,
    ),
    usedBy: [
      texts(
        'the alert policies',
        'alerts * notification_channels',
        /(?<=notification_channel_)canary\w+(?=_name)/g,
      ),
    ],
  },
  {
    name: 'topic of incidents',
    definedBy: texts(
      'the channel',
      'google google_monitoring_notification_channel canary_rollback_channel labels',
      TOPIC,
    ),
    usedBy: [
      texts('the trigger of the workflow', 'google google_eventarc_trigger * transport', TOPIC),
      texts('the publisher', 'google google_pubsub_topic_iam_member canary_rollback_publisher topic', TOPIC),
    ],
  },
  {
    name: 'topic that starts the pipeline',
    definedBy: texts(
      'the trigger of the pipeline',
      'google google_cloudbuild_trigger * pubsub_config',
      TOPIC,
    ),
    usedBy: [
      texts('the settings of the workflow', 'workflow user_env_vars PIPELINE_URL', TOPIC),
      texts(
        'the publisher',
        'google google_pubsub_topic_iam_member canary_rollback_pipeline_publisher topic',
        TOPIC,
      ),
    ],
  },
  {
    name: 'topics',
    definedBy: keys('the topics', 'google google_pubsub_topic'),
    usedBy: [
      texts(
        'the channel',
        'google google_monitoring_notification_channel canary_rollback_channel labels',
        TOPIC,
      ),
      texts('the trigger of the pipeline', 'google google_cloudbuild_trigger * pubsub_config', TOPIC),
    ],
  },
  {
    name: 'event type',
    definedBy: keys('Google', 'eventarc'),
    usedBy: [texts('the trigger', 'google google_eventarc_trigger * matching_criteria * value')],
  },
  {
    name: 'payload of the event',
    definedBy: texts('Google', 'eventarc'),
    usedBy: [texts('the workflow', 'workflow source main', /(?<=base64\.decode\(event\.)[\w.]+/g)],
  },
  {
    name: 'settings of the workflow',
    definedBy: keys('the settings', 'workflow user_env_vars'),
    usedBy: [texts('the workflow', 'workflow source', /(?<=sys\.get_env\(")\w+/g)],
  },
  {
    name: 'membership of the cluster',
    definedBy: texts('the cluster', 'cluster name'),
    usedBy: [
      texts('the settings of the workflow', 'workflow user_env_vars CLUSTER_URL', /(?<=gkeMemberships\/).+/g),
    ],
  },
  {
    name: 'account of the workflow',
    definedBy: texts('the account', 'google google_service_account canary_rollback_account account_id'),
    usedBy: [
      texts(
        "the controller's policy",
        'objects canary_controller_policy spec matchConditions',
        /(?<=')[\w-]+(?=@)/g,
      ),
      texts(
        'the role binding for weight caps',
        'objects canary_rollback_weight_cap_writer_binding subjects',
        /^[\w-]+(?=@)/g,
      ),
      texts(
        'the role binding for routes',
        'objects purchasing_domain_canary_rollback subjects',
        /^[\w-]+(?=@)/g,
      ),
    ],
  },
  {
    name: 'project of the account',
    definedBy: texts('the provider', 'provider project'),
    usedBy: [
      texts(
        "the controller's policy",
        'objects canary_controller_policy spec matchConditions',
        /(?<=@)[\w-]+/g,
      ),
      texts(
        'the role binding for weight caps',
        'objects canary_rollback_weight_cap_writer_binding subjects',
        /(?<=@)[\w-]+/g,
      ),
      texts(
        'the role binding for routes',
        'objects purchasing_domain_canary_rollback subjects',
        /(?<=@)[\w-]+/g,
      ),
      texts('the list of incidents', 'workflow user_env_vars INCIDENTS_URL', /(?<=projects\/)[\w-]+/g),
    ],
  },
  {
    name: 'identity that has the roles',
    definedBy: texts('the workflow', 'workflow service_account', /(?<=google_service_account\.)\w+/g),
    usedBy: ['gkehub_gateway_editor', 'monitoring_alert_viewer'].map((role) =>
      texts(
        role,
        `google google_project_iam_member canary_rollback_${role} member`,
        /(?<=google_service_account\.)\w+/g,
      ),
    ),
  },
  ...POLICIES.map((policy) => ({
    name: `admission policy '${policy}'`,
    definedBy: texts('the policy', `objects canary_${policy}_policy metadata name`),
    usedBy: [texts('its binding', `objects canary_${policy}_binding spec policyName`)],
  })),
  {
    name: 'role for weight caps',
    definedBy: texts('the role', 'objects canary_rollback_weight_cap_writer metadata name'),
    usedBy: [texts('its binding', 'objects canary_rollback_weight_cap_writer_binding roleRef name')],
  },
  {
    name: 'role for routes',
    definedBy: texts('the role', 'objects canary_rollback_weight_editor metadata name'),
    usedBy: [texts('its binding', 'objects purchasing_domain_canary_rollback roleRef name')],
  },
];
