package io.kvroute.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The sources of a configuration, by precedence: flags, {@code KVROUTE_*} variables, the file,
 * defaults. Not thread-safe.
 */
public final class ConfigSources {

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private @Nullable Path file;
  private Map<String, String> environment = Map.of();
  private final Map<String, Layers.Flag> flags = new LinkedHashMap<>();

  /** Reads a YAML file. */
  public ConfigSources file(Path path) {
    file = path;
    return this;
  }

  /** Reads {@code KVROUTE_*} from these variables. */
  public ConfigSources environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /** Sets a property as a flag does. */
  public ConfigSources set(String property, String... values) {
    return flag("--" + property, property, List.of(values));
  }

  /**
   * Sets a property from a flag whose name differs from the property's.
   *
   * @param flag shown in problems, such as {@code --replica}
   */
  public ConfigSources flag(String flag, String property, List<String> values) {
    flags.put(property, new Layers.Flag(flag, List.copyOf(values)));
    return this;
  }

  /**
   * Reads all sources.
   *
   * @throws ConfigException with all problems, if there are any
   */
  public Config load() throws ConfigException {
    List<Problem> problems = new ArrayList<>();
    String source = file == null ? "configuration" : file.toString();
    JsonNode root = file == null ? MissingNode.getInstance() : tree(file);
    if (!root.isMissingNode() && !root.isNull() && !root.isObject()) {
      throw single(source, root.toString(), "a mapping of properties");
    }
    Section section = new Section(new Layers(environment, flags), source, "", root, problems);
    Config config = Config.read(section);
    section.finish();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return config;
  }

  private static JsonNode tree(Path file) throws ConfigException {
    try {
      return YAML.readTree(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw single(file.toString(), "no such file", "a YAML file");
    } catch (IOException e) {
      throw single(file.toString(), "cannot be read: " + e.getMessage(), "a readable file");
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      String line = at == null ? "" : "line " + at.getLineNr() + ": ";
      String first = e.getOriginalMessage().lines().findFirst().orElse("not YAML");
      throw single(file.toString(), line + first, "YAML");
    }
  }

  private static ConfigException single(String source, String value, String expected) {
    return new ConfigException(List.of(new Problem(source, "", value, expected)));
  }
}
