/** Every flag, most severe first. */
import { capacityReduced } from './capacity-reduced';
import { evidenceReduced } from './evidence-reduced';
import { foreignImage } from './foreign-image';
import { notificationMoved, notificationRemoved } from './notification-removed';
import { originAdded } from './origin-added';
import { pageProtectionReduced } from './page-protection-reduced';
import { publicNameAdded } from './public-name-added';
import { publicRouteAdded } from './public-route-added';
import { stackRemoved } from './stack-removed';
import { upgradesLoosened } from './upgrades-loosened';
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
  stackRemoved,
  publicExposure,
  defaultDenyRemoved,
  mtlsWeakened,
  protectionOff,
  foreignImage,
  releaseTransition,
  hotfixReleased,
  authorizationWidened,
  iamGranted,
  publicNameAdded,
  originAdded,
  pageProtectionReduced,
  trafficInterrupted,
  sloLowered,
  notificationRemoved,
  evidenceReduced,
  upgradesLoosened,
  limitsLoosened,
  capacityReduced,
  weightCapPresent,
  driftFound,
  publicRouteAdded,
  notificationMoved,
];
