package io.kvroute.config;

/**
 * The policy {@code prefix-hash}: consistent hashing with bounded loads.
 *
 * @param blocks leading blocks of the prompt that are hashed
 * @param loadFactor the highest load of a replica, as a multiple of the mean
 */
public record PrefixHashPolicy(int blocks, double loadFactor) {

  static final PrefixHashPolicy DEFAULT = new PrefixHashPolicy(16, 1.25);

  static PrefixHashPolicy read(Section in) {
    return new PrefixHashPolicy(
        in.value("blocks", DEFAULT.blocks, ValueTypes.integer(1, 1 << 20)),
        in.value("load-factor", DEFAULT.loadFactor, ValueTypes.number(1, 100)));
  }
}
