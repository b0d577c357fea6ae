import { BlockList, isIPv6 } from "node:net";

type Networks = { readonly v4: string; readonly v6: string };

/** One list per family: a list of both takes every IPv4 address for its mapped form in IPv6. */
function member({ v4, v6 }: Networks): (address: string) => boolean {
  const four = blockList(v4, "ipv4");
  const six = blockList(v6, "ipv6");
  return (address) => (isIPv6(address) ? six.check(address, "ipv6") : four.check(address, "ipv4"));
}

function blockList(networks: string, family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [network = "", bits] of networks.split(" ").map((entry) => entry.split("/"))) {
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

/** Never to be connected to: link-local (cloud metadata), unspecified, multicast, and notations that hide another address. */
export const isUnreachable = member({
  v4: "0.0.0.0/8 169.254.0.0/16 224.0.0.0/4 240.0.0.0/4",
  v6: "::/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 2002::/16 fe80::/10 fec0::/10 ff00::/8",
});

/** On this machine or in a private network. */
export const isPrivate = member({
  v4: "10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15",
  v6: "::1/128 fc00::/7",
});
