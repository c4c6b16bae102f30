import type { Context } from '../engine/call';
import { lastSegment, type ApiObject } from '../engine/json';
import { kind, type FinishedOperation, type Product } from '../engine/product';
import { invalid } from '../engine/refusal';
import { page, schemaText } from '../engine/source';
import {
  changedNodePool,
  initialPools,
  renderCluster,
  renderNodePool,
  type Cluster,
  type NodePool,
} from './gke-cluster';
import { requireName } from './names';

const NAMES = schemaText('container.v1#Cluster.name');
const PROTECTED = page('kubernetes-engine/docs/how-to/deleting-a-cluster');

export const CONTAINER: Product = {
  identity: (id) => ({ name: id }),
  operation: gkeOperation,
  methods: {
    'clusters.create': (call, engine, note) => {
      const { cluster } = call.body as { cluster: Cluster };
      const body = renderCluster(engine.world, cluster, `${call.path}/${cluster.name}`);
      const operation = engine.create(call, note, { id: cluster.name, body });
      for (const pool of initialPools(cluster)) {
        const name = `${call.path}/${cluster.name}/nodePools/${pool.name}`;
        engine.world.put('container', name, renderNodePool(pool, name));
      }
      return operation;
    },
    'clusters.get': ({ path }, engine) => ({
      ...engine.read('container', path),
      nodePools: engine.world.children('container', `${path}/nodePools`),
    }),
    'clusters.update': (call, engine, note) => {
      const changed = { ...engine.read('container', call.path) };
      for (const [field, value] of Object.entries((call.body['update'] as ApiObject | undefined) ?? {}))
        changed[field.replace(/^desired(.)/, (_, letter: string) => letter.toLowerCase())] = value;
      return engine.replace(call, note, call.path, changed, 'update_cluster');
    },
    'clusters.setResourceLabels': (call, engine, note) => {
      const name = call.path.replace(/:setResourceLabels$/, '');
      const labels = {
        resourceLabels: call.body['resourceLabels'],
        labelFingerprint: engine.world.fingerprint(),
      };
      return engine.replace(call, note, name, { ...engine.read('container', name), ...labels }, 'set_labels');
    },
    'clusters.setMaintenancePolicy': (call, engine, note) => {
      const name = call.path.replace(/:setMaintenancePolicy$/, '');
      const maintenancePolicy = {
        ...(call.body['maintenancePolicy'] as ApiObject),
        resourceVersion: engine.world.fingerprint().slice(0, 8),
      };
      return engine.replace(
        call,
        note,
        name,
        { ...engine.read('container', name), maintenancePolicy },
        'update',
      );
    },
    'nodePools.create': (call, engine, note) => {
      const { nodePool } = call.body as { nodePool: NodePool };
      const body = renderNodePool(nodePool, `${call.path}/${nodePool.name}`);
      return engine.create(call, note, { id: nodePool.name, body });
    },
    'nodePools.update': (call, engine, note) =>
      engine.replace(
        call,
        note,
        call.path,
        changedNodePool(engine.read('container', call.path), call),
        'update',
      ),
    'locations.getServerConfig': () => ({
      defaultClusterVersion: '1.34.1-gke.1000',
      validMasterVersions: ['1.34.1-gke.1000'],
      validNodeVersions: ['1.34.1-gke.1000'],
      channels: [],
    }),
  },
  kinds: {
    clusters: kind<Cluster>({
      check: (_cluster, { name }) => requireName(name, /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, NAMES),
      created: registerWithFleet,
      deleting: (cluster) => {
        const { deletionProtection } = cluster as { deletionProtection?: boolean };
        if (deletionProtection) invalid('the cluster is protected from deletion', PROTECTED);
      },
      deleted: ({ name: id }, { world, name }) => {
        for (const pool of world.children('container', `${name}/nodePools`))
          world.remove('container', `${name}/nodePools/${String(pool['name'])}`);
        for (const [key] of world.entries())
          if (key.startsWith('gkehub/') && key.endsWith(`/memberships/${id}`))
            world.remove('gkehub', key.slice(7));
      },
    }),
  },
};

/** A cluster with a fleet project becomes a member of the fleet at creation, in its own region. */
function registerWithFleet(cluster: Cluster, { world, name }: Context): void {
  if (cluster.fleet?.project === undefined) return;
  const [, location = ''] = /locations\/([^/]+)/.exec(name) ?? [];
  const id = lastSegment(name);
  const membership = `locations/${location.replace(/-[a-z]$/, '')}/memberships/${id}`;
  const full = `projects/${world.projectId}/${membership}`;
  world.put('gkehub', full, {
    name: full,
    state: { code: 'READY' },
    endpoint: { gkeCluster: { resourceLink: `//container.googleapis.com/${name}` } },
    createTime: world.timestamp(),
    uniqueId: world.uid(),
  });
  const fleet = {
    ...cluster.fleet,
    membership: `//gkehub.googleapis.com/projects/${world.projectNumber}/${membership}`,
    preRegistered: false,
  };
  world.put('container', name, { ...cluster, fleet });
}

function gkeOperation({ id, type }: FinishedOperation, { world, name }: Context): ApiObject {
  const [place = ''] = /projects\/[^/]+\/locations\/[^/]+/.exec(name) ?? [];
  return {
    name: id,
    operationType: type.toUpperCase(),
    status: 'DONE',
    selfLink: `https://container.googleapis.com/v1/${place}/operations/${id}`,
    targetLink: `https://container.googleapis.com/v1/${name}`,
    startTime: world.timestamp(),
    endTime: world.timestamp(),
  };
}
