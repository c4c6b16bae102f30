/** Every rule, sorted by id. Each rule is a file; register a new one here. */
import { budgetLeavesRoom } from './canary/budget-leaves-room';
import { chanceIsNoFailure } from './canary/chance-is-no-failure';
import { failureIsSeenAtOnce } from './canary/failure-is-seen-at-once';
import { fastIsGrosser } from './canary/fast-is-grosser';
import { stepCanDecide } from './canary/step-can-decide';
import { policyQuota } from './platform/policy-quota';
import { portOfItsOwn } from './platform/port-of-its-own';
import { projectOfItsOwn } from './platform/project-of-its-own';
import { serviceQuota } from './platform/service-quota';
import { digestsOnly } from './production/digests-only';
import { evidenceOfAYear } from './production/evidence-of-a-year';
import { lastingNodes } from './production/lasting-nodes';
import { noSample } from './production/no-sample';
import { protectedFromDeletion } from './production/protected-from-deletion';
import { regionalCluster } from './production/regional-cluster';
import { regionalDatabase } from './production/regional-database';
import { scannedImages } from './production/scanned-images';
import { signedImages } from './production/signed-images';
import { boundedAmplification } from './resilience/bounded-amplification';
import { circuitBreakerAboveUsualLoad } from './resilience/circuit-breaker-above-usual-load';
import { circuitBreakerWithinCapacity } from './resilience/circuit-breaker-within-capacity';
import { calleeAnswersFirst } from './resilience/callee-answers-first';
import { ejectionCanHappen } from './resilience/ejection-can-happen';
import { ejectionLeavesHalf } from './resilience/ejection-leaves-half';
import { ejectionNotHasty } from './resilience/ejection-not-hasty';
import { hangingAttemptEnds } from './resilience/hanging-attempt-ends';
import { retriesInFlight } from './resilience/retries-in-flight';
import { sequentialCallsFit } from './resilience/sequential-calls-fit';
import { attemptsFitTimeout } from './resilience/attempts-fit-timeout';
import { canaryCarriesItsShare } from './scaling/canary-carries-its-share';
import { criticalSpansZones } from './scaling/critical-spans-zones';
import { drainLeavesAPod } from './scaling/drain-leaves-a-pod';
import { gatewaySurvivesAPod } from './scaling/gateway-survives-a-pod';
import { survivesAPod } from './scaling/survives-a-pod';
import { cardDataLeavesFromScope } from './security/card-data-leaves-from-scope';
import { cardServicesWantTokens } from './security/card-services-want-tokens';
import { openRouteStaysOpen } from './security/open-route-stays-open';
import { scopeIsDeclared } from './security/scope-is-declared';
import { alertCanFire } from './slo/alert-can-fire';
import { alertNotNoisy } from './slo/alert-not-noisy';
import { targetWithinReach } from './slo/target-within-reach';
import type { Rule } from './rule';

export const RULES: readonly Rule[] = [
  policyQuota,
  projectOfItsOwn,
  portOfItsOwn,
  serviceQuota,
  digestsOnly,
  noSample,
  signedImages,
  scannedImages,
  protectedFromDeletion,
  regionalCluster,
  lastingNodes,
  regionalDatabase,
  evidenceOfAYear,
  attemptsFitTimeout,
  hangingAttemptEnds,
  boundedAmplification,
  calleeAnswersFirst,
  sequentialCallsFit,
  retriesInFlight,
  ejectionCanHappen,
  ejectionLeavesHalf,
  ejectionNotHasty,
  circuitBreakerAboveUsualLoad,
  circuitBreakerWithinCapacity,
  survivesAPod,
  gatewaySurvivesAPod,
  drainLeavesAPod,
  criticalSpansZones,
  canaryCarriesItsShare,
  scopeIsDeclared,
  cardDataLeavesFromScope,
  cardServicesWantTokens,
  openRouteStaysOpen,
  targetWithinReach,
  stepCanDecide,
  budgetLeavesRoom,
  chanceIsNoFailure,
  failureIsSeenAtOnce,
  fastIsGrosser,
  alertCanFire,
  alertNotNoisy,
].sort((a, b) => (a.id < b.id ? -1 : 1));
