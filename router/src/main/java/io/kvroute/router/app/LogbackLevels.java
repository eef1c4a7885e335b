package io.kvroute.router.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.kvroute.router.admin.AdminServices;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The levels of logback's loggers. Thread-safe. */
final class LogbackLevels implements AdminServices.LogLevels {

  @Override
  public Map<String, String> levels() {
    Map<String, String> levels = new TreeMap<>();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      for (Logger logger : context.getLoggerList()) {
        if (logger.getLevel() != null) {
          levels.put(logger.getName(), logger.getLevel().toString());
        }
      }
    }
    return levels;
  }

  @Override
  public boolean set(String logger, @Nullable String level) {
    Level parsed = Level.toLevel(level, null);
    boolean rootWithout = level == null && logger.equals(org.slf4j.Logger.ROOT_LOGGER_NAME);
    if ((level != null && parsed == null)
        || rootWithout
        || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return false;
    }
    context.getLogger(logger).setLevel(parsed);
    return true;
  }
}
