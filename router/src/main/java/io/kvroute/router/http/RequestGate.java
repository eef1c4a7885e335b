package io.kvroute.router.http;

import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides from a request's head alone, before its body is read, whether it goes to a replica. */
final class RequestGate {

  /** The decision on a request. */
  sealed interface Verdict {

    /**
     * The request goes to a replica once its body is read.
     *
     * @param target path and query, without the port's path prefix
     * @param key the name of the client's API key, empty if none is required
     */
    record Admit(Endpoint endpoint, String target, String key) implements Verdict {}

    /** The router answers the request itself. */
    record AnswerLocally(LocalResponse response) implements Verdict {}
  }

  private static final String HEALTH = "/health";
  private static final String MODELS = "/v1/models";
  private static final String READ_METHODS = "GET, HEAD, OPTIONS";
  private static final String POST_METHODS = "POST, OPTIONS";

  private final String pathPrefix;
  private final ApiKeys keys;
  private final LocalEndpoints local;

  RequestGate(DataPortOptions options, LocalEndpoints local) {
    this.pathPrefix = options.api().pathPrefix();
    this.keys = new ApiKeys(options.api().apiKeys());
    this.local = local;
  }

  Verdict decide(Head head, Framing framing) {
    String method = head.method();
    String target = originForm(head.target());
    if (!hasValidHost(head)) {
      return answerLocally(
          LocalResponse.of(ApiErrors.malformed("missing, repeated or invalid Host header")));
    }
    if (method.equals("OPTIONS") && target.equals("*")) {
      return answerLocally(LocalResponse.empty(204, allow("GET, HEAD, POST, OPTIONS")));
    }
    target = withoutPrefix(target);
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (path.equals(HEALTH)) {
      return readOnly(method, path, true);
    }
    if (path.equals(MODELS)) {
      return readOnly(method, path, keys.admit(head) != null);
    }
    Endpoint endpoint = Endpoint.at(path);
    if (endpoint == null) {
      return answerLocally(LocalResponse.of(ApiErrors.unknownPath(path)));
    }
    if (method.equals("OPTIONS")) {
      return answerLocally(LocalResponse.empty(204, allow(POST_METHODS)));
    }
    String key = keys.admit(head);
    if (key == null) {
      return answerLocally(unauthorized());
    }
    if (!method.equals("POST")) {
      return answerLocally(
          LocalResponse.of(ApiErrors.methodNotAllowed(method, POST_METHODS), allow(POST_METHODS)));
    }
    LocalResponse headError = headError(head, framing, endpoint);
    return headError == null ? new Verdict.Admit(endpoint, target, key) : answerLocally(headError);
  }

  private Verdict readOnly(String method, String path, boolean admitted) {
    if (method.equals("OPTIONS")) {
      return answerLocally(LocalResponse.empty(204, allow(READ_METHODS)));
    }
    if (!admitted) {
      return answerLocally(unauthorized());
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return answerLocally(
          LocalResponse.of(ApiErrors.methodNotAllowed(method, READ_METHODS), allow(READ_METHODS)));
    }
    return answerLocally(path.equals(HEALTH) ? local.health() : local.models());
  }

  /** The error response to an invalid POST head, or null if the head is valid. */
  private static @Nullable LocalResponse headError(Head head, Framing framing, Endpoint endpoint) {
    String expect = head.value(KnownHeader.EXPECT);
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return LocalResponse.empty(417, "");
    }
    String encoding = head.value(KnownHeader.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return LocalResponse.of(
          ApiErrors.wrongContentType("encoded as " + encoding, "no Content-Encoding"));
    }
    String type = head.value(KnownHeader.CONTENT_TYPE);
    String expected = takesForms(endpoint) ? "multipart/form-data" : "application/json";
    if (type == null || !mediaType(type).equals(expected)) {
      return LocalResponse.of(ApiErrors.wrongContentType(type == null ? "none" : type, expected));
    }
    return framing.kind() == Framing.Kind.NONE
        ? LocalResponse.of(ApiErrors.malformed("no Content-Length and no Transfer-Encoding"))
        : null;
  }

  static boolean takesForms(Endpoint endpoint) {
    return endpoint == Endpoint.AUDIO_TRANSCRIPTIONS || endpoint == Endpoint.AUDIO_TRANSLATIONS;
  }

  private static String mediaType(String type) {
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /**
   * RFC 9112, 3.2: an HTTP/1.1 request has exactly one Host header, and its value is a valid host.
   */
  private static boolean hasValidHost(Head head) {
    int hosts = 0;
    for (int i = 0; i < head.count(); i++) {
      if (head.known(i) == KnownHeader.HOST) {
        hosts++;
        if (!isValidHost(head.value(i))) {
          return false;
        }
      }
    }
    return hosts == 1 || (hosts == 0 && head.minorVersion() == 0);
  }

  private static boolean isValidHost(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c <= ' ' || c >= 0x7f || "/\\@?#,\"<>".indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** RFC 9112, 3.2.2: a server must accept the absolute form of a target. */
  private static String originForm(String target) {
    if (!target.regionMatches(true, 0, "http://", 0, 7)) {
      return target;
    }
    int slash = target.indexOf('/', 7);
    return slash < 0 ? "/" : target.substring(slash);
  }

  private String withoutPrefix(String target) {
    return !pathPrefix.isEmpty()
            && target.startsWith(pathPrefix)
            && target.startsWith("/", pathPrefix.length())
        ? target.substring(pathPrefix.length())
        : target;
  }

  private static LocalResponse unauthorized() {
    return LocalResponse.of(ApiErrors.unauthorized(), "www-authenticate: Bearer\r\n");
  }

  private static String allow(String methods) {
    return "allow: " + methods + "\r\n";
  }

  private static Verdict answerLocally(LocalResponse response) {
    return new Verdict.AnswerLocally(response);
  }
}
