import { lastSegment } from '../engine/json';
import type { Product } from '../engine/product';
import { refuse } from '../engine/refusal';
import { page } from '../engine/source';

const SOURCE = page('resource-manager/docs/creating-managing-projects#identifying_projects');

export const RESOURCE_MANAGER: Product = {
  methods: {
    'cloudresourcemanager.projects.get': ({ path }, { world }) => {
      const { projectId, projectNumber } = world;
      if (![projectId, projectNumber].includes(lastSegment(path)))
        refuse(403, 'PERMISSION_DENIED', 'The caller does not have permission', SOURCE);
      return {
        projectId,
        projectNumber,
        name: projectId,
        lifecycleState: 'ACTIVE',
        createTime: '2026-01-01T00:00:00Z',
      };
    },
  },
};
