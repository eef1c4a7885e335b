package io.kvroute.router.wire;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The headers that a proxy interprets; all others pass unchanged. */
public enum KnownHeader {
  ACCEPT_ENCODING,
  ALT_SVC,
  API_KEY,
  AUTHORIZATION,
  CONNECTION,
  CONTENT_ENCODING,
  CONTENT_LENGTH,
  CONTENT_LOCATION,
  CONTENT_TYPE,
  EXPECT,
  FORWARDED,
  HOST,
  KEEP_ALIVE,
  LOCATION,
  PROXY_AUTHENTICATE,
  PROXY_AUTHORIZATION,
  PROXY_CONNECTION,
  SERVER,
  TE,
  TRACEPARENT,
  TRAILER,
  TRANSFER_ENCODING,
  UPGRADE,
  X_API_KEY,
  X_FORWARDED_FOR,
  X_FORWARDED_HOST,
  X_FORWARDED_PROTO,
  X_POWERED_BY,
  X_REAL_IP,
  X_REQUEST_ID;

  private static final KnownHeader[][] BY_LENGTH = byLength();

  private final String lowerCase = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The header whose name is {@code bytes[from..to)}, in any case, or null. */
  static @Nullable KnownHeader named(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length < BY_LENGTH.length) {
      for (KnownHeader header : BY_LENGTH[length]) {
        if (equalsIgnoreCase(header.lowerCase, bytes, from)) {
          return header;
        }
      }
    }
    return null;
  }

  /** Whether {@code bytes} contains {@code lowerCase} at {@code from}, in any case. */
  static boolean equalsIgnoreCase(String lowerCase, byte[] bytes, int from) {
    for (int i = lowerCase.length() - 1; i >= 0; i--) {
      byte b = bytes[from + i];
      if (lowerCase.charAt(i) != (b >= 'A' && b <= 'Z' ? b | 0x20 : b)) {
        return false;
      }
    }
    return true;
  }

  private static KnownHeader[][] byLength() {
    int longest = 0;
    for (KnownHeader header : values()) {
      longest = Math.max(longest, header.lowerCase.length());
    }
    KnownHeader[][] table = new KnownHeader[longest + 1][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      table[length] =
          Arrays.stream(values())
              .filter(header -> header.lowerCase.length() == wanted)
              .toArray(KnownHeader[]::new);
    }
    return table;
  }
}
