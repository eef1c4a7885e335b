package io.kvroute.router.http;

import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Decides by a request's head alone what becomes of it, before its body is read. */
final class RequestGate {

  /** What becomes of a request. */
  sealed interface Verdict {

    /**
     * Its body is read and it goes to a replica.
     *
     * @param target path and query as a replica gets them
     */
    record Admit(Endpoint endpoint, String target) implements Verdict {}

    /** It is answered here. */
    record Answer(Reply reply) implements Verdict {}
  }

  private static final String HEALTH = "/health";
  private static final String MODELS = "/v1/models";
  private static final String READ_METHODS = "GET, HEAD, OPTIONS";
  private static final String POST_METHODS = "POST, OPTIONS";

  private final String pathPrefix;
  private final ApiKeys keys;
  private final LocalEndpoints local;

  RequestGate(DataPortOptions options, LocalEndpoints local) {
    this.pathPrefix = options.pathPrefix();
    this.keys = new ApiKeys(options.apiKeys());
    this.local = local;
  }

  Verdict judge(Head head, Framing framing) {
    String method = head.method();
    String target = originForm(head.target());
    if (!hostIsRight(head)) {
      return answer(Reply.of(ApiErrors.malformed("missing, repeated or bad Host header")));
    }
    if (method.equals("OPTIONS") && target.equals("*")) {
      return answer(Reply.empty(204, allow("GET, HEAD, POST, OPTIONS")));
    }
    target = withoutPrefix(target);
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    if (path.equals(HEALTH)) {
      return read(method, path, true);
    }
    if (path.equals(MODELS)) {
      return read(method, path, keys.admit(head));
    }
    Endpoint endpoint = Endpoint.at(path);
    if (endpoint == null) {
      return answer(Reply.of(ApiErrors.unknownPath(path)));
    }
    if (method.equals("OPTIONS")) {
      return answer(Reply.empty(204, allow(POST_METHODS)));
    }
    if (!keys.admit(head)) {
      return answer(unauthorized());
    }
    if (!method.equals("POST")) {
      return answer(
          Reply.of(ApiErrors.methodNotAllowed(method, POST_METHODS), allow(POST_METHODS)));
    }
    Reply objection = objection(head, framing, endpoint);
    return objection == null ? new Verdict.Admit(endpoint, target) : answer(objection);
  }

  private Verdict read(String method, String path, boolean admitted) {
    if (method.equals("OPTIONS")) {
      return answer(Reply.empty(204, allow(READ_METHODS)));
    }
    if (!admitted) {
      return answer(unauthorized());
    }
    if (!method.equals("GET") && !method.equals("HEAD")) {
      return answer(
          Reply.of(ApiErrors.methodNotAllowed(method, READ_METHODS), allow(READ_METHODS)));
    }
    return answer(path.equals(HEALTH) ? local.health() : local.models());
  }

  /** What a POST's head is wrong about, if anything. */
  private static @Nullable Reply objection(Head head, Framing framing, Endpoint endpoint) {
    String expect = head.value(KnownHeader.EXPECT);
    if (expect != null && !expect.equalsIgnoreCase("100-continue")) {
      return Reply.empty(417, "");
    }
    String encoding = head.value(KnownHeader.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Reply.of(ApiErrors.wrongContentType("encoded as " + encoding, "no Content-Encoding"));
    }
    String type = head.value(KnownHeader.CONTENT_TYPE);
    String expected = takesForms(endpoint) ? "multipart/form-data" : "application/json";
    if (type == null || !mediaType(type).equals(expected)) {
      return Reply.of(ApiErrors.wrongContentType(type == null ? "none" : type, expected));
    }
    return framing.kind() == Framing.Kind.NONE
        ? Reply.of(ApiErrors.malformed("no Content-Length and no Transfer-Encoding"))
        : null;
  }

  static boolean takesForms(Endpoint endpoint) {
    return endpoint == Endpoint.AUDIO_TRANSCRIPTIONS || endpoint == Endpoint.AUDIO_TRANSLATIONS;
  }

  private static String mediaType(String type) {
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /** RFC 9112, 3.2: one Host in HTTP/1.1, and what it names is a host. */
  private static boolean hostIsRight(Head head) {
    int hosts = 0;
    for (int i = 0; i < head.count(); i++) {
      if (head.known(i) == KnownHeader.HOST) {
        hosts++;
        if (!isAuthority(head.value(i))) {
          return false;
        }
      }
    }
    return hosts == 1 || (hosts == 0 && head.minorVersion() == 0);
  }

  private static boolean isAuthority(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c <= ' ' || c >= 0x7f || "/\\@?#,\"<>".indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** RFC 9112, 3.2.2: a server takes the absolute form too. */
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

  private static Reply unauthorized() {
    return Reply.of(ApiErrors.unauthorized(), "www-authenticate: Bearer\r\n");
  }

  private static String allow(String methods) {
    return "allow: " + methods + "\r\n";
  }

  private static Verdict answer(Reply reply) {
    return new Verdict.Answer(reply);
  }
}
