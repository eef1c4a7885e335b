package io.kvroute.router.http;

import org.jspecify.annotations.Nullable;

/**
 * A request's target (RFC 9112, 3.2) in its parts. For example:
 *
 * <pre>
 *   /v1/models?a=b                host null, /v1/models, ?a=b
 *   http://a:80/v1/models         host a:80, /v1/models
 *   http://a?b=/v1/models         host a, /, ?b=/v1/models
 *   *                             host null, *
 *   http:///v1, http://u@a/, a:80, v1/models      invalid
 * </pre>
 *
 * @param host the host and port of an absolute target, else null
 * @param query with its question mark, or empty
 */
record RequestTarget(@Nullable String host, String path, String query) {

  private static final String SCHEME = "http://";

  /** Parses a target; null if it is neither a path, nor an absolute URL of a valid host. */
  static @Nullable RequestTarget parse(String target) {
    if (target.startsWith("/") || target.equals("*")) {
      return split(null, target);
    }
    if (!target.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    int end = SCHEME.length();
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    String host = target.substring(SCHEME.length(), end);
    String rest = target.substring(end);
    return HostHeader.isValid(host) ? split(host, rest.startsWith("/") ? rest : "/" + rest) : null;
  }

  /** Whether it means the server as a whole. */
  boolean isAsterisk() {
    return path.equals("*");
  }

  private static RequestTarget split(@Nullable String host, String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    return query < 0
        ? new RequestTarget(host, pathAndQuery, "")
        : new RequestTarget(host, pathAndQuery.substring(0, query), pathAndQuery.substring(query));
  }
}
