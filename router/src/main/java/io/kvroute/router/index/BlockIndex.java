package io.kvroute.router.index;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which replica holds which blocks, for one model and block size: a radix tree with one block an
 * edge, whose nodes are named by the chained key of their prefix. It answers for every replica as
 * if that one had a tree of its own.
 *
 * <p>Thread-safe.
 */
public final class BlockIndex {

  /** Slots are smaller than this. */
  public static final int MAX_SLOTS = 8192;

  private static final class Node {
    final long parent;
    final Map<Holder, Integer> claims = new HashMap<>();
    int uses;

    Node(long parent) {
      this.parent = parent;
    }
  }

  private final Map<Long, Node> nodes = new HashMap<>();
  private final Map<Holder, Integer> held = new HashMap<>();
  private @Nullable Holder[] holders = new @Nullable Holder[0];

  /**
   * An empty index.
   *
   * @param maxBytes memory it may take; beyond it the least recently used blocks are forgotten
   */
  public BlockIndex(long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 0)");
    }
  }

  /**
   * Starts a replica's view, empty.
   *
   * @param slot the replica's slot; a view that was open there is closed
   */
  public synchronized Holder open(int slot) {
    if (slot < 0 || slot >= MAX_SLOTS) {
      throw new IllegalArgumentException(
          "slot: " + slot + " (expected: 0.." + (MAX_SLOTS - 1) + ")");
    }
    if (slot >= holders.length) {
      holders = Arrays.copyOf(holders, slot + 1);
    }
    Holder old = holders[slot];
    if (old != null) {
      close(old);
    }
    Holder made = new Holder(this, slot);
    holders[slot] = made;
    held.put(made, 0);
    return made;
  }

  /**
   * For every replica, how many leading blocks of the prompt it holds and could reuse. Allocates
   * nothing.
   *
   * @param matchedBlocks written whole: entry i for slot i, 0 where no replica is
   */
  public synchronized void match(BlockKeys keys, int[] matchedBlocks) {
    for (int slot = 0; slot < matchedBlocks.length; slot++) {
      Holder holder = slot < holders.length ? holders[slot] : null;
      int n = 0;
      while (holder != null && n < keys.matchable() && claims(holder, keys.key(n)) != 0) {
        n++;
      }
      matchedBlocks[slot] = n;
    }
  }

  /** Distinct blocks known. */
  public synchronized long blocks() {
    return nodes.size();
  }

  /** The replica's chains with the most blocks. */
  public List<Chain> largest(int slot, int limit) {
    return chains(slot, limit, Comparator.comparingInt(Chain::blocks).reversed());
  }

  /** The replica's chains whose last block was used most often. */
  public List<Chain> hottest(int slot, int limit) {
    return chains(slot, limit, Comparator.comparingInt(Chain::uses).reversed());
  }

  private synchronized List<Chain> chains(int slot, int limit, Comparator<Chain> order) {
    Holder holder = slot < holders.length ? holders[slot] : null;
    if (holder == null) {
      return List.of();
    }
    Set<Long> parents = new HashSet<>();
    nodes.forEach(
        (key, node) -> {
          if (node.claims.containsKey(holder)) {
            parents.add(node.parent);
          }
        });
    List<Chain> chains = new ArrayList<>();
    nodes.forEach(
        (key, node) -> {
          if (node.claims.containsKey(holder) && !parents.contains(key)) {
            chains.add(chain(holder, key, node));
          }
        });
    chains.sort(order);
    return List.copyOf(chains.subList(0, Math.min(limit, chains.size())));
  }

  private Chain chain(Holder holder, long tail, Node last) {
    int blocks = 0;
    long at = tail;
    Node node = last;
    while (node != null && node.claims.containsKey(holder)) {
      blocks++;
      at = node.parent;
      node = nodes.get(at);
    }
    return new Chain(tail, blocks, at == 0, last.claims.size(), last.uses);
  }

  synchronized void store(Holder holder, BlockKeys keys, int from, int to, Claim claim) {
    if (!isOpen(holder)) {
      return;
    }
    for (int i = from; i < to; i++) {
      long parent = i > 0 ? keys.key(i - 1) : keys.isFragment() ? keys.root() : 0;
      Node node = nodes.computeIfAbsent(keys.key(i), key -> new Node(parent));
      node.uses++;
      if (!node.claims.containsKey(holder)) {
        held.merge(holder, 1, Integer::sum);
      }
      node.claims.merge(holder, claim.bit(), (a, b) -> a | b);
    }
  }

  synchronized void claim(Holder holder, long key, Claim claim) {
    Node node = nodes.get(key);
    if (node != null && node.claims.containsKey(holder)) {
      node.claims.merge(holder, claim.bit(), (a, b) -> a | b);
    }
  }

  synchronized void remove(Holder holder, long key, Claim claim) {
    Node node = nodes.get(key);
    if (node == null || claims(holder, key) == 0) {
      return;
    }
    int left = claims(holder, key) & ~claim.bit();
    if (left != 0) {
      node.claims.put(holder, left);
    } else {
      forget(holder, key, node);
    }
  }

  private void forget(Holder holder, long key, Node node) {
    node.claims.remove(holder);
    held.merge(holder, -1, Integer::sum);
    if (node.claims.isEmpty()) {
      nodes.remove(key);
    }
  }

  synchronized int claims(Holder holder, long key) {
    Node node = nodes.get(key);
    return node == null ? 0 : node.claims.getOrDefault(holder, 0);
  }

  synchronized int blocksHeld(Holder holder) {
    return held.getOrDefault(holder, 0);
  }

  synchronized void clear(Holder holder) {
    for (Map.Entry<Long, Node> e : List.copyOf(nodes.entrySet())) {
      if (e.getValue().claims.containsKey(holder)) {
        forget(holder, e.getKey(), e.getValue());
      }
    }
  }

  synchronized void close(Holder holder) {
    clear(holder);
    if (isOpen(holder)) {
      holders[holder.slot()] = null;
      held.remove(holder);
    }
  }

  private boolean isOpen(Holder holder) {
    return holders[holder.slot()] == holder;
  }
}
