/**
 * What an expert checks in a mesh configuration, and what covers it here: a rule, a check of the files without an id,
 * or a design that makes the mistake impossible. Impossibility is tested with random catalogues.
 */
export interface Question {
  /** Kebab-case, never reused. */
  readonly key: string;
  readonly question: string;
  /** Ids of the rules that report the mistake. */
  readonly rules: readonly string[];
  /** Why the mistake, or what the rules leave of it, cannot occur. */
  readonly impossible?: string;
}

export const CHECKLIST: readonly Question[] = [
  {
    key: 'attempts-fit-timeout',
    question: 'Do all attempts, including backoff, fit in the timeout?',
    rules: ['RES-001'],
  },
  {
    key: 'hanging-attempt',
    question: 'Does a hanging attempt time out early enough to be retried?',
    rules: ['RES-002', 'RES-001'],
    impossible: 'timeoutMs is mandatory, and every route has a timeout',
  },
  {
    key: 'explicit-retries',
    question: "Does every route configure retries, so that Istio's default of two never applies?",
    rules: [],
    impossible: 'every route has a retries section, with attempts 0 if there are none',
  },
  {
    key: 'writes-not-repeated',
    question: 'Is a write retried only if the server cannot have received it?',
    rules: [],
    impossible: 'routes for writes use connect-failure and refused-stream only',
  },
  {
    key: 'reads-apart',
    question: 'Do wider retry conditions apply to reads only?',
    rules: [],
    impossible: 'a service with wider conditions has one route for GET and HEAD, and one for other methods',
  },
  {
    key: 'amplification',
    question: 'Is retry amplification along each path bounded?',
    rules: ['RES-003'],
  },
  {
    key: 'time-budget',
    question: 'Does each callee time out before its caller, and do sequential calls fit?',
    rules: ['RES-004', 'RES-005'],
    impossible: 'a cycle of calls is an error',
  },
  {
    key: 'retry-budget',
    question: 'Are retries in flight limited for each version?',
    rules: ['RES-006'],
    impossible: 'every circuit breaker has maxRetries',
  },
  {
    key: 'zone-loss',
    question: 'Do retries reach the pods of the other zones when one is lost?',
    rules: ['RES-012', 'RES-013'],
  },
  {
    key: 'ejection-possible',
    question: 'Can outlier detection eject at least one endpoint of each version?',
    rules: ['RES-007'],
  },
  {
    key: 'ejection-bounded',
    question: 'Do enough endpoints remain when all fail, and is a single endpoint never ejected?',
    rules: ['RES-008'],
    impossible: 'minHealthPercent is never set, and maxEjectionPercent is 50 for third parties',
  },
  {
    key: 'ejection-patient',
    question: 'Does ejection need several errors?',
    rules: ['RES-009'],
    impossible: 'a threshold for local-origin failures is set only with splitExternalLocalOriginErrors',
  },
  {
    key: 'circuit-breaker-size',
    question: "Is the circuit breaker above one client's expected load, and below the pods' capacity?",
    rules: ['RES-010', 'RES-011'],
  },
  {
    key: 'slow-bodies',
    question: 'Do reads keep their connections while clients send bodies slowly?',
    rules: ['RES-014', 'SEC-007'],
  },
  {
    key: 'connections-reused',
    question: 'Are connections reused for many requests?',
    rules: [],
    impossible: 'maxRequestsPerConnection is never set',
  },
  {
    key: 'weights',
    question: 'Do weights add up to 100?',
    rules: ['GAT-011'],
    impossible: "the stable version's weight is computed from the canary's",
  },
  {
    key: 'subsets',
    question: 'Does every subset exist and select pods?',
    rules: [],
    impossible: "subsets are pools of connections of a version's host, and select all of its pods",
  },
  {
    key: 'hosts',
    question: 'Are hosts fully qualified and known, with one VirtualService each?',
    rules: [],
    impossible: 'every host is a Service or a ServiceEntry of the same environment, with one VirtualService',
  },
  {
    key: 'circuit-breaker-reaches-endpoints',
    question: 'Does every circuit breaker apply to a host with endpoints?',
    rules: [],
    impossible: 'circuit breakers are on the hosts of versions, which routes point at',
  },
  {
    key: 'matches',
    question: 'Is every route reachable, with the catch-all last?',
    rules: [],
    impossible: 'the route without a match is last, and overlapping ingress paths are an error',
  },
  {
    key: 'ports',
    question: 'Is every port named after its protocol, with one port per Service?',
    rules: ['PLT-003'],
    impossible: "the port name is the protocol, and a service's Kubernetes Service has one port",
  },
  {
    key: 'canary-capacity',
    question: "Can a canary's pods serve its weight, with an autoscaler of their own?",
    rules: ['SCL-005'],
    impossible: 'every version has an autoscaler, and no Deployment sets replicas',
  },
  {
    key: 'service-entries',
    question: 'Are resolution, hosts, addresses and endpoints of ServiceEntries consistent?',
    rules: [],
    impossible:
      'only three forms are rendered: DNS with one full name, STATIC with addresses, NONE without endpoints',
  },
  {
    key: 'egress',
    question: 'Is the path to a third party complete: mesh to gateway, gateway to host, TLS with names?',
    rules: [],
    impossible: 'one construct renders all of it, and callers use HTTP',
  },
  {
    key: 'mesh-tls',
    question: 'Is mutual TLS without explicit certificates, and never disabled?',
    rules: ['GAT-001'],
    impossible: 'clients use ISTIO_MUTUAL without certificates',
  },
  {
    key: 'strict',
    question: 'Is mutual TLS strict in the root namespace, without port exceptions?',
    rules: ['GAT-001'],
    impossible: 'the only PeerAuthentication is STRICT',
  },
  {
    key: 'default-deny',
    question: 'Is the default deny, with each edge allowed exactly once?',
    rules: [],
    impossible: 'policies are derived from the call graph, each edge once',
  },
  {
    key: 'tokens',
    question: 'Does every token check have a policy that requires the token?',
    rules: ['SEC-003', 'SEC-004'],
    impossible: 'the policy of a route with a token requires the issuer',
  },
  {
    key: 'policy-language',
    question: 'Are policies free of DENY rules, HTTP fields on TCP ports and foreign trust domains?',
    rules: [],
    impossible:
      "only ALLOW policies are rendered, for HTTP ports, with principals of the fleet's trust domain",
  },
  {
    key: 'sidecar-scope',
    question: 'Does the scope of every proxy contain the hosts that it calls, and no others?',
    rules: [],
    impossible:
      'Sidecars are derived from the call graph; the only one without a selector is in the root namespace',
  },
  {
    key: 'replicas',
    question: 'Does every service survive the loss of a pod and a node drain?',
    rules: ['SCL-001', 'SCL-002', 'SCL-003', 'SCL-004'],
    impossible: 'pods spread over zones with a maximum skew of one',
  },
  {
    key: 'shutdown',
    question: 'Can a terminating pod finish its longest request?',
    rules: [],
    impossible: "preStop, drain and grace period are computed from the service's timeout and drainSeconds",
  },
  {
    key: 'streams',
    question: 'Are streams bounded, not retried, out of latency objectives, and open to somebody?',
    rules: ['RES-016', 'CAN-006', 'SEC-009'],
    impossible:
      'a stream has its own time limit, connection pool and host, which latency objectives leave out, and no retries',
  },
  {
    key: 'pods',
    question: 'Are probes rewritten, and user 1337 and its ports left to the proxy?',
    rules: ['PLT-003'],
    impossible: 'no annotation disables probe rewriting, and the user id is fixed',
  },
  {
    key: 'managed-control-plane',
    question: 'Does the managed control plane support every field?',
    rules: ['GAT-010'],
    impossible:
      'no construct renders an unsupported field; the synth gate rejects one that an escape hatch adds',
  },
  {
    key: 'gateway-equals-mesh',
    question: 'Do routes of the gateway and of the mesh have the same timeout, retries and weights?',
    rules: [],
    impossible: 'one function renders both',
  },
  {
    key: 'targets',
    question: "Is each availability target achievable with the callees' targets?",
    rules: ['SLO-001'],
  },
  {
    key: 'card-scope',
    question: 'Is the PCI scope complete: callers declared, card data sent by card services only?',
    rules: ['SEC-001', 'SEC-002'],
  },
  {
    key: 'configuration-without-secrets',
    question: 'Are variables, files and arguments of containers free of secrets?',
    rules: ['SEC-006'],
  },
  {
    key: 'quotas',
    question: 'Does the mesh stay within the quotas of managed Cloud Service Mesh?',
    rules: ['PLT-001', 'PLT-004'],
  },
  {
    key: 'projects',
    question: 'Does every environment have its own project?',
    rules: ['PLT-002'],
  },
];
