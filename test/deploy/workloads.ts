import { z } from "zod";
import { manifestFiles, manifestsIn, type Manifest } from "./recipe-files.ts";

const Labels = z.record(z.string(), z.string());
const Selector = z.object({ matchLabels: Labels.default({}) });

const Probe = z.strictObject({
  httpGet: z.strictObject({ path: z.string().startsWith("/"), port: z.string() }),
  periodSeconds: z.int().positive(),
  timeoutSeconds: z.int().positive().optional(),
  failureThreshold: z.int().positive().optional(),
});

/** Strict, here and below: a field that Kubernetes does not know, or misspelt, does not parse. */
const Container = z.strictObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z
    .array(
      z.strictObject({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z
          .strictObject({ secretKeyRef: z.strictObject({ name: z.string(), key: z.string() }) })
          .optional(),
      }),
    )
    .default([]),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.int() })),
  resources: z.strictObject({ requests: Labels, limits: Labels }),
  securityContext: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    capabilities: z.strictObject({ drop: z.tuple([z.literal("ALL")]) }),
    privileged: z.literal(false).optional(),
  }),
  startupProbe: Probe.required({ failureThreshold: true }),
  readinessProbe: Probe,
  livenessProbe: Probe,
  volumeMounts: z
    .array(z.strictObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }))
    .default([]),
});
export type Container = z.infer<typeof Container>;

const Deployment = z.strictObject({
  replicas: z.number(),
  strategy: z.unknown().optional(),
  selector: Selector,
  template: z.strictObject({
    metadata: z.strictObject({ labels: Labels }),
    /** Strict: a pod of the host's network, processes or devices does not parse. */
    spec: z.strictObject({
      serviceAccountName: z.string().optional(),
      automountServiceAccountToken: z.literal(false).optional(),
      terminationGracePeriodSeconds: z.number(),
      securityContext: z.object({ seccompProfile: z.object({ type: z.literal("RuntimeDefault") }) }),
      containers: z.tuple([Container]),
      volumes: z
        .array(
          z.strictObject({
            name: z.string(),
            persistentVolumeClaim: z.unknown().optional(),
            configMap: z.strictObject({ name: z.string() }).optional(),
            emptyDir: z.strictObject({ medium: z.literal("Memory"), sizeLimit: z.string() }).optional(),
          }),
        )
        .default([]),
    }),
  }),
});

export type Workload = {
  readonly name: string;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly container: Container;
  readonly volumes: readonly string[];
  readonly configMaps: readonly string[];
};

export const everyManifest: readonly Manifest[] = manifestFiles.flatMap(manifestsIn);

export const ofKind = (kind: string): readonly Manifest[] =>
  everyManifest.filter((manifest) => manifest.kind === kind);

/** Every Deployment; throws when one lacks limits, probes or restrictions. */
export const workloads = (): readonly Workload[] =>
  ofKind("Deployment").map(({ metadata, spec }) => {
    const { replicas, selector, template } = Deployment.parse(spec);
    return {
      name: metadata.name,
      replicas,
      labels: template.metadata.labels,
      selector: selector.matchLabels,
      container: template.spec.containers[0],
      volumes: template.spec.volumes.map(({ name: volume }) => volume),
      configMaps: template.spec.volumes.flatMap(({ configMap }) => configMap?.name ?? []),
    };
  });

const Peer = z.object({
  podSelector: Selector.optional(),
  namespaceSelector: Selector.optional(),
});
const Policy = z.object({
  podSelector: Selector,
  policyTypes: z.array(z.enum(["Ingress", "Egress"])),
  ingress: z
    .array(z.object({ from: z.array(Peer).min(1), ports: z.array(z.object({ port: z.number() })).min(1) }))
    .default([]),
});

export const policies = (): readonly z.infer<typeof Policy>[] =>
  ofKind("NetworkPolicy").map(({ spec }) => Policy.parse(spec));

export const selects = (
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean => Object.entries(selector).every(([key, value]) => labels[key] === value);
