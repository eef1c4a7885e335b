package io.kvroute.loadtest.replica;

/** Writes Prometheus' text format, with the labels that vLLM adds to all of its metrics. */
final class PrometheusText {

  private final StringBuilder out = new StringBuilder(16_384);
  private final String model;

  PrometheusText(String model) {
    this.model = model.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /** Begins a metric. */
  void family(String name, String help, String type) {
    out.append("# HELP ").append(name).append(' ').append(help).append('\n');
    out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  /** Writes a metric with one sample. */
  void single(String name, String help, String type, Number value) {
    family(name, help, type);
    sample(name, "", value);
  }

  /**
   * Writes a sample with vLLM's labels.
   *
   * @param labels further labels, {@code name="value"} joined by commas, or empty
   */
  void sample(String name, String labels, Number value) {
    out.append(name).append("{engine=\"0\"");
    if (labels.startsWith("le=")) {
      out.append(',').append(labels).append(",model_name=\"").append(model).append('"');
    } else {
      out.append(",model_name=\"").append(model).append('"');
      if (!labels.isEmpty()) {
        out.append(',').append(labels);
      }
    }
    out.append("} ").append(value.doubleValue()).append('\n');
  }

  /** Writes a sample with only the given labels. */
  void bare(String name, String labels, Number value) {
    out.append(name);
    if (!labels.isEmpty()) {
      out.append('{').append(labels).append('}');
    }
    out.append(' ').append(value.doubleValue()).append('\n');
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
