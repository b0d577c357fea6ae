import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { composeFile, flagValue, manifestFiles, textOf } from "./recipe-files.ts";
import { everyManifest, ofKind, policies, selects, workloads } from "./workloads.ts";

const Kustomization = z.object({
  resources: z.array(z.string()),
  configMapGenerator: z.tuple([z.object({ name: z.string(), files: z.array(z.string()) })]),
  images: z.array(z.object({ name: z.string(), newTag: z.string() })),
});
const kustomization = Kustomization.parse(parse(textOf("deploy/kustomization.yaml")));

const engines = workloads().filter(({ labels }) => labels["copatcher.io/part"] === "engine");

const argumentsOf = (wanted: string): readonly string[] =>
  workloads().find(({ name }) => name === wanted)?.container.args ?? [];

test("every workload has limits, probes, no privileges and an image with a fixed tag", () => {
  const found = workloads();

  expect(found.map(({ name }) => name).sort()).toEqual(["loc-gen", "router", "validators"]);
  for (const { container } of found) {
    expect(container.image).toMatch(/:v?\d+\.\d+\.\d+$/);
    expect(Object.keys(container.resources.limits)).toEqual(expect.arrayContaining(["cpu", "memory"]));
    expect(Object.keys(container.resources.requests)).toEqual(expect.arrayContaining(["cpu", "memory"]));
  }
});

test("every volume is mounted, and every mount is of a volume", () => {
  for (const { volumes, container } of workloads())
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(volumes);
});

test("every probe asks a port that the container has", () => {
  for (const { container } of workloads()) {
    const ports = container.ports.map(({ name }) => name);
    for (const { httpGet } of [container.startupProbe, container.readinessProbe, container.livenessProbe])
      expect(ports).toContain(httpGet.port);
  }
});

test("the two recipes serve with one version of the engine", () => {
  const image = engines.map(({ container }) => container.image);
  const tag = /VLLM_TAG:-([^}]+)/.exec(
    composeFile("compose.yml").services["one-gpu-loc-gen"]?.image ?? "",
  )?.[1];

  expect(new Set(image)).toEqual(new Set([`vllm/vllm-openai:${tag}`]));
  for (const { name, newTag } of kustomization.images)
    expect(workloads().some(({ container }) => container.image === `${name}:${newTag}`)).toBe(true);
});

test("two GPUs localize and generate for each one that validates", () => {
  const gpus = engines.map(({ name, replicas, container }) => ({
    name,
    gpus: replicas * Number(container.resources.limits["nvidia.com/gpu"]),
  }));

  expect(gpus).toEqual([
    { name: "loc-gen", gpus: 2 },
    { name: "validators", gpus: 1 },
  ]);
});

test("the two engines of one container do not ask for more than its GPU", () => {
  const args = argumentsOf("validators");
  const border = args.indexOf("--");
  const shares = [args.slice(0, border), args.slice(border)].map((flags) =>
    Number(flagValue(flags, "--gpu-memory-utilization")),
  );

  expect(shares).toHaveLength(2);
  expect(shares.reduce((sum, share) => sum + share)).toBeLessThanOrEqual(0.95);
});

test("nothing of the namespace may be reached or reach out unless a policy says so", () => {
  const closed = policies().filter(({ podSelector }) => Object.keys(podSelector.matchLabels).length === 0);

  expect(closed).toEqual([
    { podSelector: { matchLabels: {} }, policyTypes: ["Ingress", "Egress"], ingress: [] },
  ]);
});

test.each(workloads().map(({ name, labels }) => ({ name, labels })))(
  "a policy names who may reach $name",
  ({ labels }) => {
    const own = policies().filter(
      ({ podSelector: { matchLabels } }) =>
        Object.keys(matchLabels).length > 0 && selects(matchLabels, labels),
    );

    expect(own).toHaveLength(1);
    for (const { from } of own[0]?.ingress ?? [])
      for (const peer of from) expect(Object.keys(peer.podSelector?.matchLabels ?? {})).not.toEqual([]);
  },
);

test("only the bot reaches the router", () => {
  const router = policies().find(({ podSelector }) => podSelector.matchLabels["app"] === "router");

  expect(router?.ingress.flatMap(({ from }) => from)).toEqual([
    {
      podSelector: { matchLabels: { app: "copatcher" } },
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "copatcher" } },
    },
  ]);
});

const Selecting = z.object({ selector: z.object({ matchLabels: z.record(z.string(), z.string()) }) });

test("every workload has a budget for disruptions", () => {
  const budgets = ofKind("PodDisruptionBudget").map(({ spec }) => Selecting.parse(spec).selector.matchLabels);

  for (const { labels } of workloads())
    expect(budgets.filter((selector) => selects(selector, labels))).toHaveLength(1);
});

const ServiceSpec = z.object({
  selector: z.record(z.string(), z.string()),
  ports: z.array(z.object({ targetPort: z.string() })),
});

test("every service leads to a port that a workload has", () => {
  for (const { spec } of ofKind("Service")) {
    const { selector, ports } = ServiceSpec.parse(spec);
    const [target] = workloads().filter(({ labels }) => selects(selector, labels));
    const open = target?.container.ports.map(({ name }) => name) ?? [];
    for (const { targetPort } of ports) expect(open).toContain(targetPort);
  }
});

test("the router looks for the engines where they are", () => {
  const args = argumentsOf("router");
  const [key = "", value] = flagValue(args, "--k8s-label-selector").split("=");
  const found = engines.filter(({ labels }) => labels[key] === value);

  expect(found.map(({ name }) => name)).toEqual(["loc-gen"]);
  expect(found[0]?.container.ports[0]?.containerPort).toBe(Number(flagValue(args, "--k8s-port")));
});

test("keys come from a Secret that no manifest holds", () => {
  expect(ofKind("Secret")).toEqual([]);
  for (const { container } of workloads()) {
    const key = container.env.find(({ name }) => name === "VLLM_API_KEY");
    expect(key).toMatchObject({ valueFrom: { secretKeyRef: { name: "inference-key" } } });
    expect(key?.value).toBeUndefined();
  }
});

test("one apply brings every manifest but those that need KEDA", () => {
  const listed = kustomization.resources.map((name) => `deploy/${name}`);

  expect([...listed, "deploy/kubernetes/autoscaling.yaml"].sort()).toEqual([...manifestFiles].sort());
  expect(new Set(workloads().flatMap(({ configMaps }) => configMaps))).toEqual(
    new Set([kustomization.configMapGenerator[0].name]),
  );
  const scripts = engines.map(({ container }) => container.command[1]?.replace("/recipe/", ""));
  expect(kustomization.configMapGenerator[0].files).toEqual(expect.arrayContaining(scripts));
});

test("what is scaled exists, and not below two", () => {
  const scaled = everyManifest.filter(({ kind }) => kind === "ScaledObject").map(({ spec }) => spec);

  expect(scaled).toMatchObject([{ scaleTargetRef: { name: "loc-gen" }, minReplicaCount: 2 }]);
});
