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
     * @param host the host that the client asked for, with its port; null if it named none
     * @param coding of the body
     * @param key the name of the client's API key, empty if none is required
     */
    record Admit(
        Endpoint endpoint, String target, @Nullable String host, BodyCoding coding, String key)
        implements Verdict {}

    /** The router answers the request itself. */
    record AnswerLocally(LocalResponse response) implements Verdict {}
  }

  private static final String HEALTH = "/health";
  private static final String PING = "/ping";
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
    RequestTarget target = RequestTarget.parse(head.target());
    if (target == null) {
      return malformed("invalid request target");
    }
    if (!HostHeader.isValidIn(head)) {
      return malformed("missing, repeated or invalid Host header");
    }
    if (target.isAsterisk()) {
      return method.equals("OPTIONS")
          ? answerLocally(LocalResponse.empty(204, allow("GET, HEAD, POST, OPTIONS")))
          : malformed("invalid request target");
    }
    String repeated = SingletonHeaders.repeatedIn(head);
    if (repeated != null) {
      return malformed(repeated);
    }
    String path = withoutTrailingSlash(withoutPrefix(target.path()));
    if (path.equals(HEALTH) || path.equals(PING)) {
      return readOnly(path.equals(PING) && method.equals("POST") ? "GET" : method, HEALTH, true);
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
    if (headError != null) {
      return answerLocally(headError);
    }
    String encoding = head.value(KnownHeader.CONTENT_ENCODING);
    BodyCoding coding = BodyCoding.of(encoding);
    return coding == null
        ? answerLocally(unknownEncoding(String.valueOf(encoding)))
        : new Verdict.Admit(endpoint, path + target.query(), host(head, target), coding, key);
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

  private String withoutPrefix(String path) {
    return !pathPrefix.isEmpty()
            && path.startsWith(pathPrefix)
            && path.startsWith("/", pathPrefix.length())
        ? path.substring(pathPrefix.length())
        : path;
  }

  /** Engines redirect such a path to the one without the slash. */
  private static String withoutTrailingSlash(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** RFC 9112, 3.2.2: the host of an absolute target replaces that of the header. */
  private static @Nullable String host(Head head, RequestTarget target) {
    return target.host() != null ? target.host() : head.value(KnownHeader.HOST);
  }

  private static Verdict malformed(String reason) {
    return answerLocally(LocalResponse.of(ApiErrors.malformed(reason)));
  }

  private static LocalResponse unknownEncoding(String encoding) {
    return LocalResponse.of(
        ApiErrors.unknownEncoding(encoding, BodyCoding.ACCEPTED),
        "accept-encoding: " + BodyCoding.ACCEPTED + "\r\n");
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
