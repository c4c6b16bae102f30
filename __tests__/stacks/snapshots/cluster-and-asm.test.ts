import { testReviewedStack } from '../../support/stack-snapshot';

testReviewedStack('cluster-and-asm');
