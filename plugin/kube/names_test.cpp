#include "kube/names.hpp"

#include <doctest/doctest.h>

using namespace podcheck::kube;

TEST_CASE("names follow Kubernetes' rules") {
  struct Row {
    std::string text;
    bool label, subdomain, service, qualified, value, env, port, key;
  };
  // clang-format off
  for (const Row& row : {
      //                        label  subdom service qual  value  env    port   key
      Row{"web",                true,  true,  true,  true,  true,  true,  true,  true},
      Row{"",                   false, false, false, false, true,  false, false, false},
      Row{"8080",               true,  true,  false, true,  true,  true,  false, true},
      Row{"1a",                 true,  true,  false, true,  true,  true,  true,  true},
      Row{"Web",                false, false, false, true,  true,  true,  false, true},
      Row{"a.b",                false, true,  false, true,  true,  true,  false, true},
      Row{"a..b",               false, false, false, true,  true,  true,  false, true},
      Row{"..b",                false, false, false, false, false, true,  false, false},
      Row{"a_b",                false, false, false, true,  true,  true,  false, true},
      Row{"-a",                 false, false, false, false, false, true,  false, true},
      Row{"a--b",               true,  true,  true,  true,  true,  true,  false, true},
      Row{"a/b",                false, false, false, true,  false, true,  false, false},
      Row{"example.com/b_C",    false, false, false, true,  false, true,  false, false},
      Row{"a b",                false, false, false, false, false, true,  false, false},
      Row{"A=B",                false, false, false, false, false, false, false, false},
      Row{"abcdefghijklmnop",   true,  true,  true,  true,  true,  true,  false, true},
      Row{std::string(63, 'a'), true,  true,  true,  true,  true,  true,  false, true},
      Row{std::string(64, 'a'), false, true,  false, false, false, true,  false, true},
      Row{std::string(254, 'a'), false, false, false, false, false, true, false, false}}) {
    // clang-format on
    CAPTURE(row.text);
    CHECK(is_dns1123_label(row.text) == row.label);
    CHECK(is_dns1123_subdomain(row.text) == row.subdomain);
    CHECK(is_dns1035_label(row.text) == row.service);
    CHECK(is_qualified_name(row.text) == row.qualified);
    CHECK(is_label_value(row.text) == row.value);
    CHECK(is_env_name(row.text) == row.env);
    CHECK(is_port_name(row.text) == row.port);
    CHECK(is_config_key(row.text) == row.key);
  }
  CHECK(is_c_identifier("PATH_2"));
  CHECK_FALSE(is_c_identifier("2PATH"));
  CHECK_FALSE(is_c_identifier("a-b"));
}

TEST_CASE("a wrong name gets the nearest right one") {
  CHECK(suggest_name("My_App Name") == "my-app-name");
  CHECK(suggest_name("__x__") == "x");
  CHECK(suggest_name("HTTP-Metrics-Port", 15) == "http-metrics-po");
  CHECK(suggest_name("***").empty());
}
