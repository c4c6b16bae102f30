import { compileDocument, type Document } from '../../../verification/cloud-lab/discovery/document';
import { matchMethod } from '../../../verification/cloud-lab/discovery/discovery';

/** A small API in the form of a discovery document; served under the name of a product without rules of its own. */
export const SHELF: Document = compileDocument({
  name: 'storage',
  version: 'v1',
  servicePath: '',
  parameters: { alt: { type: 'string', enum: ['json'] } },
  schemas: {
    Shelf: {
      id: 'Shelf',
      type: 'object',
      properties: {
        name: { type: 'string' },
        title: { type: 'string', description: 'Required. Shown to people.' },
        size: { type: 'integer', format: 'int32' },
        books: { type: 'string', format: 'int64' },
        kind: {
          type: 'string',
          enum: ['OPEN', 'CLOSED', 'GLASS', 'OLD'],
          enumDeprecated: [false, false, true, true],
          enumDescriptions: ['', '', 'Deprecated: prefer OPEN.', 'Deprecated: no longer supported.'],
        },
        ttl: { type: 'string', format: 'google-duration' },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        rows: { type: 'array', items: { $ref: 'Row' } },
        colour: { type: 'string', deprecated: true, description: 'Use kind.' },
      },
    },
    Row: { id: 'Row', type: 'object', properties: { open: { type: 'boolean' }, width: { type: 'number' } } },
    ListShelves: {
      id: 'ListShelves',
      type: 'object',
      properties: { shelves: { type: 'array', items: { $ref: 'Shelf' } } },
    },
    Empty: { id: 'Empty', type: 'object' },
    Policy: { id: 'Policy', type: 'object', properties: {} },
    SetPolicy: {
      id: 'SetPolicy',
      type: 'object',
      properties: {
        policy: { type: 'object', additionalProperties: { type: 'any' } },
        updateMask: { type: 'string' },
      },
    },
  },
  resources: {
    shelves: {
      methods: {
        create: {
          id: 'storage.shelves.create',
          path: 'v1/{+parent}/shelves',
          httpMethod: 'POST',
          parameters: {
            parent: { location: 'path', pattern: '^projects/[^/]+$' },
            shelfId: { location: 'query', type: 'string', description: 'Required. Its id.' },
          },
          request: { $ref: 'Shelf' },
          response: { $ref: 'Shelf' },
        },
        list: {
          id: 'storage.shelves.list',
          path: 'v1/{+parent}/shelves',
          httpMethod: 'GET',
          parameters: {
            parent: { location: 'path', pattern: '^projects/[^/]+$' },
            pageSize: { location: 'query', type: 'integer', format: 'int32' },
          },
          response: { $ref: 'ListShelves' },
        },
        get: {
          id: 'storage.shelves.get',
          path: 'v1/{+name}',
          httpMethod: 'GET',
          parameters: { name: { location: 'path', pattern: '^projects/[^/]+/shelves/[^/]+$' } },
          response: { $ref: 'Shelf' },
        },
        patch: {
          id: 'storage.shelves.patch',
          path: 'v1/{+name}',
          httpMethod: 'PATCH',
          parameters: {
            name: { location: 'path', pattern: '^projects/[^/]+/shelves/[^/]+$' },
            updateMask: { location: 'query', type: 'string', format: 'google-fieldmask' },
          },
          request: { $ref: 'Shelf' },
          response: { $ref: 'Shelf' },
        },
        delete: {
          id: 'storage.shelves.delete',
          path: 'v1/{+name}',
          httpMethod: 'DELETE',
          parameters: { name: { location: 'path', pattern: '^projects/[^/]+/shelves/[^/]+$' } },
          response: { $ref: 'Empty' },
        },
        getIamPolicy: {
          id: 'storage.shelves.getIamPolicy',
          path: 'v1/{+resource}:getIamPolicy',
          httpMethod: 'GET',
          parameters: { resource: { location: 'path' } },
          response: { $ref: 'Policy' },
        },
        setIamPolicy: {
          id: 'storage.shelves.setIamPolicy',
          path: 'v1/{+resource}:setIamPolicy',
          httpMethod: 'POST',
          parameters: { resource: { location: 'path' } },
          request: { $ref: 'SetPolicy' },
          response: { $ref: 'Policy' },
        },
      },
    },
  },
});

export const SHELF_DISCOVERY = {
  match: (api: string, verb: string, path: string) =>
    api === 'storage' ? matchMethod([SHELF], verb, path) : undefined,
};
