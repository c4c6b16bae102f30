/** Every rule, sorted by id. Each rule is a file; register a new one here. */
import { failingCanaryExceedsBudget } from './canary/failing-canary-exceeds-budget';
import { chanceDoesNotTriggerFastDetector } from './canary/chance-does-not-trigger-fast-detector';
import { fastDetectorDetectsTotalFailure } from './canary/fast-detector-detects-total-failure';
import { fastFactorAtLeastSmallestMultiple } from './canary/fast-factor-at-least-smallest-multiple';
import { stepHasEnoughRequests } from './canary/step-has-enough-requests';
import { canaryServesRequests } from './canary/canary-serves-requests';
import { policyQuota } from './platform/policy-quota';
import { noProxyPort } from './platform/no-proxy-port';
import { oneProjectPerEnvironment } from './platform/one-project-per-environment';
import { databaseSizeExists } from './platform/database-size-exists';
import { hostsHaveOneMeaning } from './platform/hosts-have-one-meaning';
import { maintenanceIsPossible } from './platform/maintenance-is-possible';
import { namesAreFree } from './platform/names-are-free';
import { publicNamesAreUnique } from './platform/public-names-are-unique';
import { machineTypeExists } from './platform/machine-type-exists';
import { rangesArePrivate } from './platform/ranges-are-private';
import { rangesHoldTheCluster } from './platform/ranges-hold-the-cluster';
import { regionAndZonesExist } from './platform/region-and-zones-exist';
import { serviceQuota } from './platform/service-quota';
import { productionImagesHaveDigests } from './production/production-images-have-digests';
import { evidenceLockIsStated } from './production/evidence-lock-is-stated';
import { imagesOfOwnProject } from './production/images-of-own-project';
import { logsRetainedForAYear } from './production/logs-retained-for-a-year';
import { noSpotNodes } from './production/no-spot-nodes';
import { noSampleContainer } from './production/no-sample-container';
import { protectedFromDeletion } from './production/protected-from-deletion';
import { regionalCluster } from './production/regional-cluster';
import { regionalDatabase } from './production/regional-database';
import { scannedImages } from './production/scanned-images';
import { signedImages } from './production/signed-images';
import { boundedAmplification } from './resilience/bounded-amplification';
import { circuitBreakerAboveUsualLoad } from './resilience/circuit-breaker-above-usual-load';
import { circuitBreakerWithinCapacity } from './resilience/circuit-breaker-within-capacity';
import { calleeTimesOutFirst } from './resilience/callee-times-out-first';
import { ejectionCanHappen } from './resilience/ejection-can-happen';
import { ejectionLeavesHalf } from './resilience/ejection-leaves-half';
import { ejectionNeedsSeveralErrors } from './resilience/ejection-needs-several-errors';
import { retriesHaveAttemptTimeout } from './resilience/retries-have-attempt-timeout';
import { bodiesLeaveHalfForReads } from './resilience/bodies-leave-half-for-reads';
import { retriesCoverALostZone } from './resilience/retries-cover-a-lost-zone';
import { connectingFitsAnAttempt } from './resilience/connecting-fits-an-attempt';
import { retriesAreAFraction } from './resilience/retries-are-a-fraction';
import { sequentialCallsFitTimeout } from './resilience/sequential-calls-fit-timeout';
import { attemptsFitTimeout } from './resilience/attempts-fit-timeout';
import { streamsCanBeOpened } from './resilience/streams-can-be-opened';
import { autopilotKeepsRequests } from './scaling/autopilot-keeps-requests';
import { nodesHoldThePeak } from './scaling/nodes-hold-the-peak';
import { canaryPodsServeWeight } from './scaling/canary-pods-serve-weight';
import { criticalSpansZones } from './scaling/critical-spans-zones';
import { drainLeavesARunningPod } from './scaling/drain-leaves-a-running-pod';
import { gatewaysSurviveZoneFailure } from './scaling/gateways-survive-zone-failure';
import { servicesSurvivePodLoss } from './scaling/services-survive-pod-loss';
import { onlyCardServicesSendCardData } from './security/only-card-services-send-card-data';
import { cardRoutesRequireTokens } from './security/card-routes-require-tokens';
import { commonNameHasOneRoute } from './security/common-name-has-one-route';
import { openRoutesDoNotOverlap } from './security/open-routes-do-not-overlap';
import { oneAddressHoldsNoPool } from './security/one-address-holds-no-pool';
import { tokenRequirementsNeedAToken } from './security/token-requirements-need-a-token';
import { webhookSourcesAreNarrow } from './security/webhook-sources-are-narrow';
import { webhooksAreExactAndSigned } from './security/webhooks-are-exact-and-signed';
import { configurationHoldsNoSecret } from './security/configuration-holds-no-secret';
import { callersOfCardServicesInScope } from './security/callers-of-card-services-in-scope';
import { webSocketPathsAreWhole } from './security/websocket-paths-are-whole';
import { alertCanFire } from './slo/alert-can-fire';
import { alertPoliciesWithinLimit } from './slo/alert-policies-within-limit';
import { alertsRarelyFireWhenHealthy } from './slo/alerts-rarely-fire-when-healthy';
import { latencyMeasuredNearThreshold } from './slo/latency-measured-near-threshold';
import { targetAchievableWithCallees } from './slo/target-achievable-with-callees';
import { originsAreDeclared } from './security/origins-are-declared';
import { productionOriginsAreHttps } from './security/production-origins-are-https';
import { cardPagesControlScripts } from './security/card-pages-control-scripts';
import { reportsAreReceived } from './security/reports-are-received';
import type { Rule } from './rule';

export const RULES: readonly Rule[] = [
  policyQuota,
  oneProjectPerEnvironment,
  noProxyPort,
  serviceQuota,
  rangesHoldTheCluster,
  rangesArePrivate,
  databaseSizeExists,
  regionAndZonesExist,
  machineTypeExists,
  namesAreFree,
  hostsHaveOneMeaning,
  publicNamesAreUnique,
  maintenanceIsPossible,
  productionImagesHaveDigests,
  noSampleContainer,
  signedImages,
  scannedImages,
  protectedFromDeletion,
  regionalCluster,
  noSpotNodes,
  regionalDatabase,
  logsRetainedForAYear,
  imagesOfOwnProject,
  evidenceLockIsStated,
  attemptsFitTimeout,
  retriesHaveAttemptTimeout,
  boundedAmplification,
  calleeTimesOutFirst,
  sequentialCallsFitTimeout,
  retriesAreAFraction,
  ejectionCanHappen,
  ejectionLeavesHalf,
  ejectionNeedsSeveralErrors,
  circuitBreakerAboveUsualLoad,
  circuitBreakerWithinCapacity,
  retriesCoverALostZone,
  connectingFitsAnAttempt,
  bodiesLeaveHalfForReads,
  streamsCanBeOpened,
  servicesSurvivePodLoss,
  gatewaysSurviveZoneFailure,
  drainLeavesARunningPod,
  criticalSpansZones,
  canaryPodsServeWeight,
  autopilotKeepsRequests,
  nodesHoldThePeak,
  callersOfCardServicesInScope,
  onlyCardServicesSendCardData,
  cardRoutesRequireTokens,
  openRoutesDoNotOverlap,
  commonNameHasOneRoute,
  configurationHoldsNoSecret,
  oneAddressHoldsNoPool,
  reportsAreReceived,
  cardPagesControlScripts,
  productionOriginsAreHttps,
  originsAreDeclared,
  webSocketPathsAreWhole,
  webhooksAreExactAndSigned,
  webhookSourcesAreNarrow,
  tokenRequirementsNeedAToken,
  targetAchievableWithCallees,
  stepHasEnoughRequests,
  canaryServesRequests,
  failingCanaryExceedsBudget,
  chanceDoesNotTriggerFastDetector,
  fastDetectorDetectsTotalFailure,
  fastFactorAtLeastSmallestMultiple,
  alertCanFire,
  alertsRarelyFireWhenHealthy,
  latencyMeasuredNearThreshold,
  alertPoliciesWithinLimit,
].sort((a, b) => (a.id < b.id ? -1 : 1));
