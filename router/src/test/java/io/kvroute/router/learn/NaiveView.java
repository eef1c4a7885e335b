package io.kvroute.router.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What an engine holds, in the simplest form: token prefixes by engine hash, with copies. */
final class NaiveView {

  private final Map<Long, List<Integer>> prefixes = new HashMap<>();
  private final Map<List<Integer>, Integer> copies = new HashMap<>();

  void apply(KvEvent event) {
    switch (event) {
      case KvEvent.Stored stored -> store(stored.stored());
      case KvEvent.Removed removed -> {
        for (int i = 0; i < removed.hashes().size(); i++) {
          List<Integer> prefix = prefixes.get(removed.hashes().get(i));
          if (prefix != null) {
            copies.computeIfPresent(prefix, (p, n) -> n == 1 ? null : n - 1);
          }
        }
      }
      case KvEvent.Moved moved -> {} // tiers are all one here
      case KvEvent.Cleared cleared -> copies.clear();
    }
  }

  private void store(StoredBlocks blocks) {
    String salt = blocks.cacheSalt();
    List<Integer> prefix = new ArrayList<>(salt == null ? List.of() : List.of(salt.hashCode()));
    Long parent = blocks.parent();
    if (parent != null) {
      prefix = new ArrayList<>(prefixes.get(parent));
    }
    for (int i = 0; i < blocks.hashes().size(); i++) {
      int from = i * blocks.blockSize();
      int[] ids = Arrays.copyOfRange(blocks.tokens().raw(), from, from + blocks.blockSize());
      Arrays.stream(ids).forEach(prefix::add);
      List<Integer> whole = List.copyOf(prefix);
      prefixes.put(blocks.hashes().get(i), whole);
      copies.merge(whole, 1, Integer::sum);
    }
  }

  /** Leading blocks of {@code ids} held, the last token's own block left out. */
  int leadingBlocks(int[] ids, int blockSize) {
    List<Integer> all = Arrays.stream(ids).boxed().toList();
    int blocks = 0;
    while ((blocks + 1) * blockSize < ids.length
        && copies.containsKey(all.subList(0, (blocks + 1) * blockSize))) {
      blocks++;
    }
    return blocks;
  }
}
