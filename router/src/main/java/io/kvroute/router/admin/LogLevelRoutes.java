package io.kvroute.router.admin;

import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /loggers}: the loggers that have a level of their own; and {@code PUT /loggers/NAME}
 * with {@code {"level":"debug"}}, or null to follow the parent. Changes last until the process
 * ends.
 */
final class LogLevelRoutes {

  private static final Logger log = LoggerFactory.getLogger(LogLevelRoutes.class);
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_$.-]{1,200}");

  private final AdminServices.LogLevels levels;

  LogLevelRoutes(AdminServices.LogLevels levels) {
    this.levels = levels;
  }

  AdminResponse show() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode loggers = json.putObject("loggers");
    Map<String, String> sorted = new TreeMap<>(levels.levels());
    sorted.forEach(loggers::put);
    return AdminResponse.json(json);
  }

  AdminResponse set(AdminRequest request) throws ApiException {
    String name = request.parameter("name", "");
    if (!NAME.matcher(name).matches()) {
      throw new ApiException(ApiErrors.wrongType("name", "not a logger", "such as io.kvroute"));
    }
    JsonNode level = level(request);
    if ((!level.isString() && !level.isNull())
        || !levels.set(name, level.isNull() ? null : level.asString())) {
      throw new ApiException(
          ApiErrors.wrongType("level", level.toString(), "error, warn, info, debug, trace, null"));
    }
    log.info("log level of {}: {}", name, level.isNull() ? "its parent's" : level.asString());
    return show();
  }

  private static JsonNode level(AdminRequest request) throws ApiException {
    try {
      return MAPPER.readTree(request.body().raw()).path("level");
    } catch (JacksonException e) {
      throw new ApiException(ApiErrors.notJson(e.getOriginalMessage()));
    }
  }
}
