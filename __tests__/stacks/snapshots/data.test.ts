import { testReviewedStack } from '../../support/stack-snapshot';

testReviewedStack('data');
