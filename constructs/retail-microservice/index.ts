export { RetailMicroservice, type RetailMicroserviceProps } from './retail-microservice';
export type { AlertChannels } from './service-level-objectives';
