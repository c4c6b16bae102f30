/** Tokens and mutual TLS: whose keys count, where they come from, and how they are fetched. */
import type { Environment } from '../../model/environment';
import { Inspection } from './inspection';
import { ofKind, type Judge } from './subject';

export const tokensJudge: Judge = {
  name: 'tokens',
  kinds: ['RequestAuthentication', 'PeerAuthentication'],
  judge: (subject) => {
    const findings: string[] = [];
    for (const object of ofKind(subject, 'RequestAuthentication')) {
      const inspection = Inspection.of(object, findings);
      inspection.neutral('kind');
      const spec = inspection.child('spec');
      spec.is('selector', { matchLabels: { app: object.metadata.name } });
      const [rule] = spec.exactly('jwtRules', 1);
      if (rule) inspectRule(rule, subject.environment);
      inspection.close();
    }
    for (const object of ofKind(subject, 'PeerAuthentication')) {
      const inspection = Inspection.of(object, findings);
      inspection.neutral('kind');
      // For every workload, on every port.
      inspection.is('spec', { mtls: { mode: 'STRICT' } });
      inspection.close();
    }
    return findings;
  },
};

function inspectRule(rule: Inspection, { jwt }: Environment): void {
  rule.is('issuer', jwt.issuer);
  rule.is('audiences', [...jwt.audiences]);
  rule.is('jwksUri', jwt.jwksUri);
  if (!jwt.jwksUri.startsWith('https://')) rule.finding('jwksUri is fetched without TLS');
  // From nowhere else: a token in the query would reach logs.
  rule.is('fromHeaders', [{ name: 'Authorization', prefix: 'Bearer ' }]);
  // The service behind the gateway checks it again.
  rule.is('forwardOriginalToken', true);
}
