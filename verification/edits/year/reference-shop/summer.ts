/** July: a rename, a removed service, and routes. */
import type { CatalogueEdit } from '../../edit';
import { meshPolicies } from '../words';

export const SUMMER: readonly CatalogueEdit[] = [
  {
    name: 'Rename wishlist to favourites',
    by: 'service team',
    at: '2026-07-01T08:00:00Z',
    apply: ({ catalogue }) => {
      const text = catalogue.read('services/wishlist.yaml');
      catalogue.write(
        'services/favourites.yaml',
        text.replace('name: wishlist', 'name: favourites\nrenamedFrom: wishlist'),
      );
      catalogue.remove('services/wishlist.yaml');
      catalogue.replace('services/frontend.yaml', 'service: wishlist', 'service: favourites');
      for (const environment of ['staging', 'prod'])
        catalogue.replace(`releases/${environment}.yaml`, '  wishlist:', '  favourites:');
    },
    reviews: {
      'dev staging prod': meshPolicies(['wishlist: renamed in the catalogue: wishlist → favourites']),
    },
  },
  {
    name: 'Keep the objects of favourites under their name',
    by: 'service team',
    at: '2026-07-08T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace('services/favourites.yaml', 'renamedFrom: wishlist', 'resourceName: wishlist'),
    // Only the moves go, which are done.
    reviews: {},
  },
  {
    name: 'Show products without recommendations',
    by: 'service team',
    at: '2026-07-13T08:00:00Z',
    apply: ({ catalogue }) => catalogue.delete('services/product-catalog.yaml', ['calls']),
    reviews: {
      dev: meshPolicies([
        'product-catalog: environment variables (product-catalog-v1) removed name RECOMMENDATION_URL value http://recommendation.storefront.svc.cluster.local, name UPSTREAM_URIS value http://recommendation.storefront.svc.cluster.local/recommendations/sample',
        'product-catalog: visible hosts (product-catalog-v1) added ~/*; removed storefront/recommendation-v1.storefront.svc.cluster.local, storefront/recommendation.storefront.svc.cluster.local',
        'recommendation: caller removed: product-catalog → recommendation GET /recommendations/*',
      ]),
      'staging prod': meshPolicies([
        'product-catalog: environment variables (product-catalog-v1) removed name RECOMMENDATION_URL value http://recommendation.storefront.svc.cluster.local',
        'product-catalog: visible hosts (product-catalog-v1) added ~/*; removed storefront/recommendation-v1.storefront.svc.cluster.local, storefront/recommendation.storefront.svc.cluster.local',
        'recommendation: caller removed: product-catalog → recommendation GET /recommendations/*',
      ]),
    },
  },
  {
    name: 'Remove the service recommendation',
    by: 'service team',
    at: '2026-07-20T08:00:00Z',
    inWorkingCopy: true,
    apply: ({ catalogue }) => {
      catalogue.remove('services/recommendation.yaml');
      for (const environment of ['dev', 'staging'])
        catalogue.delete(`environments/${environment}.yaml`, ['services', 'recommendation']);
      for (const environment of ['staging', 'prod'])
        catalogue.delete(`releases/${environment}.yaml`, ['services', 'recommendation']);
    },
    reviews: {
      'dev staging prod': {
        stacks: ['observability', 'mesh-policies'],
        headlines: ['recommendation: service removed'],
        flags: ['traffic-interrupted'],
      },
    },
  },
  {
    name: 'Remove cart, which checkout calls',
    by: 'service team',
    at: '2026-07-20T09:00:00Z',
    apply: ({ catalogue }) => {
      catalogue.remove('services/cart.yaml');
      for (const environment of ['dev', 'staging'])
        catalogue.delete(`environments/${environment}.yaml`, ['services', 'cart']);
      for (const environment of ['staging', 'prod'])
        catalogue.delete(`releases/${environment}.yaml`, ['services', 'cart']);
    },
    refused: [/services\/checkout\.yaml:\d+:\d+: calls\[0\]\.service: .*'cart'/],
  },
  {
    name: 'Serve the categories of the catalogue to everyone',
    by: 'service team',
    at: '2026-07-27T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'services/product-catalog.yaml',
        'paths: [/products, /products/*]',
        'paths: [/products, /products/*, /categories/*]',
      ),
    reviews: {
      'dev staging prod': meshPolicies(
        ['product-catalog: new public route: GET HEAD /categories/*, WITHOUT end-user token'],
        ['public-exposure'],
      ),
    },
    accepted: 'the categories are on the pages of the shop',
  },
  {
    name: 'Serve profiles without a token',
    by: 'service team',
    at: '2026-07-28T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'services/user-profile.yaml',
        'methods: [GET]\n    paths: [/profile, /profile/*]\n    jwt: required',
        'methods: [GET]\n    paths: [/profile, /profile/*]\n    jwt: none',
      ),
    reviews: {
      'dev staging prod': meshPolicies(
        ['user-profile: end-user token required → none: external clients → GET /profile /profile/*'],
        ['public-exposure'],
      ),
    },
  },
  {
    name: 'Add a route for vouchers to checkout',
    by: 'service team',
    at: '2026-08-03T08:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'services/checkout.yaml',
        'paths: [/checkout, /checkout/*]',
        'paths: [/checkout, /checkout/*, /vouchers/*]',
      ),
    reviews: {
      'dev staging prod': meshPolicies(
        ['checkout: new public route: GET POST /vouchers/*, with end-user token'],
        ['public-route-added'],
      ),
    },
  },
  {
    name: 'Give user-profile a path of cart',
    by: 'service team',
    at: '2026-08-03T09:00:00Z',
    apply: ({ catalogue }) =>
      catalogue.replace(
        'services/user-profile.yaml',
        'methods: [GET]\n    paths: [/profile,',
        'methods: [GET]\n    paths: [/carts/*, /profile,',
      ),
    refused: [/services\/user-profile\.yaml:\d+:\d+: ingress\[0\].*\/carts\/\*/],
  },
];
