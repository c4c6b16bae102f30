import { testReviewedStack } from '../../support/stack-snapshot';

testReviewedStack('mesh-policies');
