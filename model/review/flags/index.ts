/** Every flag, most severe first. */
import { authorizationWidened } from './authorization-widened';
import { weightCapPresent } from './weight-cap-present';
import { defaultDenyRemoved } from './default-deny-removed';
import { driftFound } from './drift-found';
import type { Flag } from './flag';
import { hotfixReleased } from './hotfix-released';
import { iamGranted } from './iam-granted';
import { limitsLoosened } from './limits-loosened';
import { mtlsWeakened } from './mtls-weakened';
import { protectionOff } from './protection-off';
import { publicExposure } from './public-exposure';
import { releaseTransition } from './release-transition';
import { sloLowered } from './slo-lowered';
import { statefulDestroyed } from './stateful-destroyed';
import { trafficInterrupted } from './traffic-interrupted';

export const FLAGS: readonly Flag[] = [
  statefulDestroyed,
  publicExposure,
  defaultDenyRemoved,
  mtlsWeakened,
  releaseTransition,
  hotfixReleased,
  authorizationWidened,
  iamGranted,
  trafficInterrupted,
  sloLowered,
  protectionOff,
  limitsLoosened,
  weightCapPresent,
  driftFound,
];
