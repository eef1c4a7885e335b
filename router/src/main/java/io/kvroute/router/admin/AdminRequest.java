package io.kvroute.router.admin;

import io.kvroute.router.openai.ApiRequest;
import java.util.Map;

/**
 * A request to the admin port.
 *
 * @param parameters from its path and its query
 */
record AdminRequest(Map<String, String> parameters, ApiRequest.Body body) {

  String parameter(String name, String fallback) {
    return parameters.getOrDefault(name, fallback);
  }
}
