package io.kvroute.config;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses, such as {@code 10.0.0.0/8} or {@code 2001:db8::/32}.
 *
 * @param bits leading bits of {@code base} that all addresses of the block share
 */
public record Cidr(InetAddress base, int bits) {

  /** The machine itself and private networks (RFC 1918, 3927, 4193 and 4291). */
  static final List<Cidr> PRIVATE =
      Stream.of(
              "127.0.0.0/8",
              "10.0.0.0/8",
              "172.16.0.0/12",
              "192.168.0.0/16",
              "169.254.0.0/16",
              "::1/128",
              "fc00::/7",
              "fe80::/10")
          .map(Cidr::parse)
          .map(Objects::requireNonNull)
          .toList();

  /** Parses an address with or without {@code /BITS}; null if the text is neither. */
  static @Nullable Cidr parse(String text) {
    int slash = text.indexOf('/');
    InetAddress base = address(slash < 0 ? text : text.substring(0, slash));
    if (base == null) {
      return null;
    }
    int most = 8 * base.getAddress().length;
    Integer bits =
        slash < 0 ? Integer.valueOf(most) : Quantities.decimal(text.substring(slash + 1));
    return bits != null && bits <= most ? new Cidr(base, bits) : null;
  }

  /** Reads digits only: Java also accepts the historical 10.1 and 0x0a.1. */
  private static @Nullable InetAddress address(String text) {
    if (!text.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*")) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
