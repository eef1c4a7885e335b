package io.kvroute.router.http;

import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Headers that a request may have once. With two lines of one, the router could judge the first and
 * the engine use the second.
 */
final class SingletonHeaders {

  private static final List<KnownHeader> NAMES =
      List.of(
          KnownHeader.API_KEY,
          KnownHeader.AUTHORIZATION,
          KnownHeader.CONTENT_ENCODING,
          KnownHeader.CONTENT_TYPE,
          KnownHeader.EXPECT,
          KnownHeader.X_API_KEY);

  private SingletonHeaders() {}

  /** What is wrong with the request, or null if it has each of these headers at most once. */
  static @Nullable String repeatedIn(Head head) {
    for (KnownHeader name : NAMES) {
      if (head.linesOf(name) > 1) {
        return "more than one " + name.name().toLowerCase(Locale.ROOT).replace('_', '-');
      }
    }
    return null;
  }
}
