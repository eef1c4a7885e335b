package io.kvroute.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The kinds of values in a configuration. */
final class ValueTypes {

  static final ValueType<Boolean> SWITCH =
      of("true or false", (node, text) -> text ? bool(node.asString()) : yamlBool(node));

  static final ValueType<HostPort> HOST_PORT = parsed("HOST:PORT", HostPort::parse);

  static final ValueType<Duration> DURATION =
      parsed("a duration such as 250ms, 30s, 5m or 2h", Quantities::duration);

  static final ValueType<String> TEXT =
      parsed("text that is not empty", text -> text.isBlank() ? null : text);

  static final ValueType<String> HEADER_NAME =
      parsed(
          "the name of an HTTP header",
          text ->
              text.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+") ? text.toLowerCase(Locale.ROOT) : null);

  static final ValueType<String> PATH_PREFIX =
      parsed(
          "a path such as /openai, without a slash at its end",
          text -> text.matches("(/[A-Za-z0-9._~-]+)*") ? text : null);

  static final ValueType<Cidr> CIDR =
      parsed("an address or a block of addresses such as 10.0.0.0/8", Cidr::parse);

  static final ValueType<URI> REPLICA_URL =
      uri(
          "http://HOST:PORT without a path; the router adds /v1",
          uri -> "http".equals(uri.getScheme()) && (uri.getPath().isEmpty() || isRoot(uri)));

  private static final Pattern TCP =
      Pattern.compile("tcp://(\\*|\\[[0-9a-fA-F:.]+]|[A-Za-z0-9._-]+):\\d{1,5}");

  /** With {@code *} as the host, the router listens and the engine connects. */
  static final ValueType<URI> ZMQ_ENDPOINT =
      parsed("tcp://HOST:PORT", text -> TCP.matcher(text).matches() ? URI.create(text) : null);

  static final ValueType<ApiKey> API_KEY =
      new ValueType<>() {
        @Override
        public String expected() {
          return "a key of visible ASCII characters";
        }

        @Override
        public @Nullable ApiKey read(JsonNode node, boolean text) {
          return node.isString() && node.asString().matches("[!-~]+")
              ? new ApiKey(node.asString())
              : null;
        }

        @Override
        public String show(JsonNode node) {
          return "(hidden)";
        }
      };

  /** A mapping, or its JSON text. */
  static final ValueType<String> JSON_OBJECT =
      of("a mapping, or a JSON object as text", (node, text) -> jsonObject(node));

  private ValueTypes() {}

  static ValueType<Integer> integer(int least, int most) {
    return of(
        "a whole number from " + least + " to " + most,
        (node, text) -> {
          Integer value = text ? Quantities.decimal(node.asString()) : yamlInt(node);
          return value != null && value >= least && value <= most ? value : null;
        });
  }

  static ValueType<Double> number(int least, int most) {
    return of(
        "a number from " + least + " to " + most,
        (node, text) -> {
          Double value = text ? real(node.asString()) : yamlReal(node);
          return value != null && value >= least && value <= most ? value : null;
        });
  }

  static ValueType<Long> bytes(long least, long most) {
    return of(
        "a size such as 64KiB or 16MiB, at least " + least + " and at most " + most + " bytes",
        (node, text) -> {
          boolean plain = node.isIntegralNumber() || node.isString();
          Long value = plain ? Quantities.bytes(node.asString()) : null;
          return value != null && value >= least && value <= most ? value : null;
        });
  }

  /** One of an enum's constants, in lower case with dashes. */
  static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
    E[] constants = type.getEnumConstants();
    return parsed(
        Arrays.stream(constants).map(ValueTypes::label).collect(Collectors.joining(", ")),
        text ->
            Arrays.stream(constants).filter(e -> label(e).equals(text)).findFirst().orElse(null));
  }

  static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static ValueType<URI> uri(String expected, Predicate<URI> right) {
    return parsed(
        expected,
        text -> {
          URI uri = parseUri(text);
          boolean plain =
              uri != null
                  && uri.getHost() != null
                  && uri.getRawUserInfo() == null
                  && uri.getRawQuery() == null
                  && uri.getRawFragment() == null;
          return plain && right.test(uri) ? uri : null;
        });
  }

  private static boolean isRoot(URI uri) {
    return "/".equals(uri.getPath());
  }

  private static @Nullable String jsonObject(JsonNode node) {
    try {
      JsonNode object = node.isString() ? JsonMapper.shared().readTree(node.asString()) : node;
      return object.isObject() ? object.toString() : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static @Nullable URI parseUri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static @Nullable Boolean bool(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> null;
    };
  }

  private static @Nullable Boolean yamlBool(JsonNode node) {
    return node.isBoolean() ? node.asBoolean() : null;
  }

  private static @Nullable Integer yamlInt(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : null;
  }

  private static @Nullable Double yamlReal(JsonNode node) {
    return node.isNumber() ? node.doubleValue() : null;
  }

  private static @Nullable Double real(String text) {
    return text.matches("\\d{1,12}(\\.\\d{1,12})?") ? Double.valueOf(text) : null;
  }

  private static <T> ValueType<T> parsed(String expected, Function<String, @Nullable T> parser) {
    return of(expected, (node, text) -> node.isString() ? parser.apply(node.asString()) : null);
  }

  private static <T> ValueType<T> of(String expected, Reader<T> reader) {
    return new ValueType<>() {
      @Override
      public String expected() {
        return expected;
      }

      @Override
      public @Nullable T read(JsonNode node, boolean text) {
        return reader.read(node, text);
      }
    };
  }

  private interface Reader<T> {
    @Nullable T read(JsonNode node, boolean text);
  }
}
