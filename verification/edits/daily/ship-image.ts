import type { OrdinaryEdit } from '../edit';

export const SHIP_IMAGE: OrdinaryEdit = {
  name: 'ship a new image of cart to prod',
  files: ['releases/prod.yaml'],
  apply: (catalogue) =>
    catalogue.set(
      'releases/prod.yaml',
      ['services', 'cart', 'images', 'v1'],
      `europe-west1-docker.pkg.dev/shop-prod-example/shop/cart@sha256:${'1f'.repeat(32)}`,
    ),
};
