export { RetailMicroservice, type RetailMicroserviceProps } from './retail-microservice';
