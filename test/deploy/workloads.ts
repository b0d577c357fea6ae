import { z } from "zod";
import { manifestFiles, manifestsIn, type Manifest } from "./recipe-files.ts";

const Labels = z.record(z.string(), z.string());
const Selector = z.object({ matchLabels: Labels.default({}) });

const Container = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z
    .array(
      z.looseObject({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() }),
    )
    .default([]),
  ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
  resources: z.object({ requests: Labels, limits: Labels }),
  securityContext: z.object({
    allowPrivilegeEscalation: z.literal(false),
    capabilities: z.object({ drop: z.tuple([z.literal("ALL")]) }),
    privileged: z.literal(false).optional(),
  }),
  startupProbe: z.object({ httpGet: z.unknown(), failureThreshold: z.number(), periodSeconds: z.number() }),
  readinessProbe: z.looseObject({ httpGet: z.unknown() }),
  livenessProbe: z.looseObject({ httpGet: z.unknown() }),
});
export type Container = z.infer<typeof Container>;

const Deployment = z.strictObject({
  replicas: z.number(),
  strategy: z.unknown().optional(),
  selector: Selector,
  template: z.object({
    metadata: z.object({ labels: Labels }),
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
            configMap: z.object({ name: z.string() }).optional(),
            emptyDir: z.object({ sizeLimit: z.string() }).catchall(z.unknown()).optional(),
          }),
        )
        .optional(),
    }),
  }),
});

export type Workload = {
  readonly name: string;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly selector: Readonly<Record<string, string>>;
  readonly container: Container;
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
      configMaps: (template.spec.volumes ?? []).flatMap(({ configMap }) => configMap?.name ?? []),
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
