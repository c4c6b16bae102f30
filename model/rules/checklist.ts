/**
 * What an expert asks of a mesh configuration, and what answers here: a rule, a check of the files that needs
 * no id, or a design in which nobody can write the mistake. Of the last kind each entry is proven over random
 * catalogues.
 */
export interface Question {
  /** Kebab-case, never reused. */
  readonly key: string;
  readonly question: string;
  /** Rules that tell the mistake. */
  readonly rules: readonly string[];
  /** Why the mistake, or the rest of it, cannot be written. */
  readonly impossible?: string;
}

export const CHECKLIST: readonly Question[] = [
  {
    key: 'attempts-fit-timeout',
    question: 'Do all tries, with the waits between them, fit in the timeout?',
    rules: ['RES-001'],
  },
  {
    key: 'hanging-try',
    question: 'Does a try that hangs end before the timeout, so that it is retried?',
    rules: ['RES-002', 'RES-001'],
    impossible: 'timeoutMs is mandatory, and every route states its timeout',
  },
  {
    key: 'explicit-retries',
    question: "Does every route state its retries, so that Istio's default of two never applies?",
    rules: [],
    impossible: 'every route is rendered with retries, also with none',
  },
  {
    key: 'writes-not-repeated',
    question: 'Is a write repeated only when the server cannot have seen it?',
    rules: [],
    impossible: 'routes for writes carry connect-failure and refused-stream at most',
  },
  {
    key: 'reads-apart',
    question: 'Have wider retries a route of their own that matches reads alone?',
    rules: [],
    impossible: 'a service with wider conditions gets a route for GET and HEAD, and one for the rest',
  },
  {
    key: 'amplification',
    question: 'Do retries multiply along a path?',
    rules: ['RES-003'],
  },
  {
    key: 'time-budget',
    question: 'Does each callee give up before its caller, and do calls in a row fit?',
    rules: ['RES-004', 'RES-005'],
    impossible: 'a cycle of calls is a fault of the files',
  },
  {
    key: 'retry-budget',
    question: 'Are retries in flight bounded, for each version?',
    rules: ['RES-006'],
    impossible: 'every breaker carries maxRetries',
  },
  {
    key: 'ejection-possible',
    question: 'Can outlier detection eject at least one endpoint of each version?',
    rules: ['RES-007'],
  },
  {
    key: 'ejection-bounded',
    question: 'Are enough endpoints left when all of them fail, and a lone one never ejected?',
    rules: ['RES-008'],
    impossible: 'minHealthPercent is never set, and third parties have a fixed share of 50 %',
  },
  {
    key: 'ejection-patient',
    question: 'Does ejection wait for a pattern?',
    rules: ['RES-009'],
    impossible: 'a threshold for errors of local origin is only rendered where they are told apart',
  },
  {
    key: 'circuit-breaker-size',
    question: 'Is the breaker above the usual load of one client, and below what the pods take?',
    rules: ['RES-010', 'RES-011'],
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
    impossible: "the stable version's weight is what the canary leaves",
  },
  {
    key: 'subsets',
    question: 'Does every subset exist, with labels that match pods?',
    rules: [],
    impossible: 'versions are hosts; there are no subsets',
  },
  {
    key: 'hosts',
    question: 'Are hosts fully qualified, known, and routed by one VirtualService each?',
    rules: [],
    impossible: 'every host is a Service or a ServiceEntry of the same synth, and has one VirtualService',
  },
  {
    key: 'circuit-breaker-reaches-endpoints',
    question: 'Does every breaker sit on a host that has endpoints?',
    rules: [],
    impossible: 'breakers are on the hosts of versions, which are what routes name',
  },
  {
    key: 'matches',
    question: 'Is every match reachable, and the catch-all last?',
    rules: [],
    impossible: 'the route without a match is last; overlapping public paths are a fault of the files',
  },
  {
    key: 'ports',
    question: 'Is every port named by its protocol, and is there one a Service?',
    rules: ['PLT-003'],
    impossible: "the protocol gives the port its name, and a service's Service has one port",
  },
  {
    key: 'canary-capacity',
    question: "Do a canary's pods carry its share, with an autoscaler of their own?",
    rules: ['SCL-005'],
    impossible: 'every version has an autoscaler, and no Deployment states replicas',
  },
  {
    key: 'service-entries',
    question: 'Do resolution, hosts, addresses and endpoints of ServiceEntries go together?',
    rules: [],
    impossible:
      'three forms are rendered: DNS with one full name, STATIC with addresses, NONE without endpoints',
  },
  {
    key: 'egress',
    question: 'Is the way to a third party complete: mesh to gateway, gateway to host, TLS with names?',
    rules: [],
    impossible: 'one construct renders all of it, and callers speak HTTP',
  },
  {
    key: 'mesh-tls',
    question: 'Does mutual TLS of the mesh carry no certificates, and is it never switched off?',
    rules: ['GAT-001'],
    impossible: 'clients state ISTIO_MUTUAL without certificates',
  },
  {
    key: 'strict',
    question: 'Is mutual TLS strict in the root namespace, without exceptions by port?',
    rules: ['GAT-001'],
    impossible: 'one PeerAuthentication is rendered, and it is STRICT',
  },
  {
    key: 'default-deny',
    question: 'Is everything denied by default, and each edge allowed exactly once?',
    rules: [],
    impossible: 'policies are read off the call graph, each edge once',
  },
  {
    key: 'tokens',
    question: 'Does every token check have a policy that requires the token?',
    rules: ['SEC-003', 'SEC-004'],
    impossible: 'a route with a token names the issuer in its policy',
  },
  {
    key: 'policy-language',
    question: 'Are policies without idle denials, HTTP fields on TCP ports and foreign trust domains?',
    rules: [],
    impossible: "only ALLOW is rendered, with principals of the fleet's trust domain, for HTTP ports",
  },
  {
    key: 'sidecar-scope',
    question: 'Does every proxy know the hosts it calls, and no others?',
    rules: [],
    impossible: 'Sidecars are read off the call graph; one without a selector is in the root namespace',
  },
  {
    key: 'replicas',
    question: 'Does every service survive the loss of a pod, and a drain leave one?',
    rules: ['SCL-001', 'SCL-002', 'SCL-003', 'SCL-004'],
    impossible: 'pods spread over zones with a skew of one',
  },
  {
    key: 'shutdown',
    question: 'Is a leaving pod given the time of its longest request?',
    rules: [],
    impossible: "preStop, drain and grace period follow from the service's timeout",
  },
  {
    key: 'pods',
    question: 'Are probes rewritten, user 1337 left to the proxy, and the app reachable?',
    rules: ['PLT-003'],
    impossible: 'no annotation switches rewriting off, and the user is fixed',
  },
  {
    key: 'managed-control-plane',
    question: 'Is every field one that the managed control plane takes?',
    rules: ['GAT-010'],
    impossible: 'no construct renders such a field; the last gate refuses one that an escape hatch adds',
  },
  {
    key: 'gateway-equals-mesh',
    question: 'Do routes at the gateway and in the mesh have the same timeout, retries and weights?',
    rules: [],
    impossible: 'both are rendered by one function',
  },
  {
    key: 'targets',
    question: 'Is an availability target within what the callees together promise?',
    rules: ['SLO-001'],
  },
  {
    key: 'card-scope',
    question: 'Is the PCI scope closed: declared callers, and one way out for card data?',
    rules: ['SEC-001', 'SEC-002'],
  },
  {
    key: 'quotas',
    question: 'Does the shop stay within the quotas of the managed mesh?',
    rules: ['PLT-001', 'PLT-004'],
  },
  {
    key: 'projects',
    question: 'Has every environment a project of its own?',
    rules: ['PLT-002'],
  },
];
