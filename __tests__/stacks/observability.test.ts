import { renderMeshDashboard } from '../../model/dashboards/mesh';
import { renderSloDashboard } from '../../model/dashboards/slos';
import { securitySignals } from '../../model/security-signals';
import { environmentNamed, shop } from '../support/catalogues';
import { objectsOf, synthEnvironment } from '../support/synth';

const prod = environmentNamed('prod');
const stack = synthEnvironment(prod).get('prod-observability');
const resources = (type: string): any[] => Object.values(stack?.resource?.[type] ?? {});

describe('the dashboard', () => {
  const { tiles } = renderMeshDashboard(prod).mosaicLayout;
  const headers = tiles.flatMap(({ widget }: any) => (widget.sectionHeader ? [widget.title] : []));
  const queries = tiles.flatMap(({ widget }: any) =>
    (widget.xyChart?.dataSets ?? []).map(({ timeSeriesQuery }: any) => timeSeriesQuery.prometheusQuery),
  );

  test('has a section for each watched call, then one for each service', () => {
    expect(headers).toEqual(['checkout ↔ cart', ...prod.services.map(({ name }) => name)]);
  });

  test('measures the watched call at the caller', () => {
    const edge = queries.filter((query) => query.includes('source_canonical_service_name="checkout"'));

    expect(edge).toHaveLength(4);
    for (const query of edge) {
      expect(query).toContain('istio_io:service_client_');
      expect(query).toContain('destination_canonical_service_name="cart"');
    }
  });

  test('shows the latency of every service by caller, measured at the callers', () => {
    for (const { name } of prod.services) {
      expect(queries).toContainEqual(
        expect.stringMatching(
          new RegExp(
            `^histogram_quantile\\(0\\.95, sum by \\(le, source_canonical_service_name\\) \\(rate\\(istio_io:service_client_roundtrip_latencies_bucket\\{.*"${name}"`,
          ),
        ),
      );
    }
  });

  test.each([renderMeshDashboard, renderSloDashboard])(
    'no tile overlaps another or leaves the grid',
    (render) => {
      const occupied = new Set<string>();
      for (const { xPos, yPos, width, height } of render(prod).mosaicLayout.tiles) {
        expect(xPos + width).toBeLessThanOrEqual(48);
        for (let x = xPos; x < xPos + width; x += 1) {
          for (let y = yPos; y < yPos + height; y += 1) {
            expect(occupied.has(`${x},${y}`)).toBe(false);
            occupied.add(`${x},${y}`);
          }
        }
      }
    },
  );
});

test.each([['dev'], ['staging'], ['prod']])('%s: the share of traced requests is explicit', (name) => {
  const environment = { ...environmentNamed(name), traces: { samplingPercent: 12.5 } };
  const objects = objectsOf(synthEnvironment(environment).get(`${name}-observability`));

  expect(objects.get('telemetry')?.spec.tracing).toEqual([
    { providers: [{ name: 'stackdriver' }], randomSamplingPercentage: 12.5 },
  ]);
});

describe('security signals', () => {
  const metrics = resources('google_logging_metric');
  const alerts = resources('google_monitoring_alert_policy').filter(
    ({ user_labels: { signal } }) => signal !== 'secret-rotation',
  );

  test('cover the controls of PCI DSS 10.7.2', () => {
    expect(alerts.map(({ user_labels: { signal } }) => signal).sort()).toEqual([
      'denied-requests',
      'evidence-changes',
      'failed-tokens',
      'iam-changes',
      'key-destructions',
      'mtls-changes',
      'plaintext-requests',
      'secret-reads',
      'sensitive-urls',
    ]);
  });

  test('have an alert each, with a channel, the affected resources, the automatic action and a runbook', () => {
    for (const alert of alerts) {
      const signal = securitySignals(prod).find(({ name }) => name === alert.user_labels.signal);
      expect(alert.notification_channels).toEqual([
        expect.stringContaining(`channels_${alert.user_labels.severity}.name`),
      ]);
      expect(alert.documentation.content).toMatch(
        /(in the last 10 min|at least 1 log entry)\.\n\n- Affected: .+\n- Automatic action: .+\n- First step: .+/,
      );
      expect(alert.documentation.content).toContain('docs/runbooks/security-signal.md');
      const [condition, ...more] = alert.conditions;
      expect(more).toEqual([]);
      if (signal?.tolerated === 0 && signal.unstoredResource === undefined)
        expect(condition.condition_matched_log).toEqual({ filter: signal.filter });
      else
        expect(condition.condition_prometheus_query_language).toMatchObject({
          query: `sum(increase(logging_googleapis_com:user_${signal?.name.replace('-', '_')}{monitored_resource="${signal?.unstoredResource ?? 'k8s_container'}"}[10m])) > ${signal?.tolerated}`,
          disable_metric_validation: true,
        });
    }
  });

  test('count log entries only where a single one is normal, or none is stored', () => {
    expect(metrics.map(({ name }) => name).sort()).toEqual([
      'denied-requests',
      'failed-tokens',
      'sensitive-urls',
    ]);
  });

  test('see URLs with card numbers and credentials, which no sink stores', () => {
    const [exclusion] = resources('google_logging_project_exclusion');
    const [requests] = resources('google_logging_project_sink').filter(
      ({ name }) => name === 'evidence-requests',
    );
    const signal = securitySignals(prod).find(({ name }) => name === 'sensitive-urls');
    expect(requests.exclusions).toEqual([expect.objectContaining({ filter: exclusion.filter })]);
    expect(signal?.filter).toContain(exclusion.filter);
  });

  test('query the logs of their own project only', () => {
    for (const environment of shop.environments) {
      for (const { filter } of securitySignals(environment)) {
        expect(filter).toContain(`logName="projects/${environment.project.id}/logs/`);
      }
    }
  });
});

describe('evidence', () => {
  test('goes to one bucket under a customer-managed key', () => {
    const [bucket] = resources('google_logging_project_bucket_config');

    expect(bucket).toMatchObject({
      retention_days: 400,
      cmek_settings: { kms_key_name: '${google_kms_crypto_key.evidence_key.id}' },
    });
    const sinks = resources('google_logging_project_sink');
    expect(sinks.map(({ name }) => name).sort()).toEqual([
      'evidence-audit',
      'evidence-database',
      'evidence-network',
      'evidence-requests',
    ]);
    for (const { destination } of sinks)
      expect(destination).toBe(
        'logging.googleapis.com/${google_logging_project_bucket_config.evidence_bucket.id}',
      );
  });

  test('includes data access logs of every Google service', () => {
    expect(resources('google_project_iam_audit_config')).toEqual([
      expect.objectContaining({
        service: 'allServices',
        audit_log_config: [{ log_type: 'ADMIN_READ' }, { log_type: 'DATA_READ' }, { log_type: 'DATA_WRITE' }],
      }),
    ]);
  });
});

describe('Kiali', () => {
  const [release] = resources('helm_release');
  const values = JSON.parse(release.values[0]);

  test('queries Managed Prometheus, and no istiod', () => {
    expect(values.external_services.istio.istio_api_enabled).toBe(false);
    const { url } = values.external_services.prometheus;
    const { name, namespace } = objectsOf(stack).get('kiali_metrics_service')!.metadata;
    expect(url).toBe(`http://${name}.${namespace}:9090`);
  });

  test('is read-only, and its image comes from the mirror', () => {
    expect(values.deployment.view_only_mode).toBe(true);
    expect(values.auth.strategy).toBe('token');
    expect(values.deployment.image_name).toBe(
      'europe-west1-docker.pkg.dev/shop-prod-example/quay/kiali/kiali',
    );
  });

  test('is not installed if the environment disables it', () => {
    const dev = synthEnvironment(environmentNamed('dev')).get('dev-observability');

    expect(dev?.resource).not.toHaveProperty('helm_release');
    expect([...objectsOf(dev).keys()]).toEqual(['proxy_metrics', 'telemetry']);
  });
});
