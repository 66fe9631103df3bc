#include "lint/invalid/ip.hpp"

#include <doctest/doctest.h>

using namespace podcheck::lint::invalid;

TEST_CASE("addresses are read as the API server reads them") {
  for (const char* text :
       {"10.9.8.7", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::ffff", "1:2:3:4:5:6:7:8", "fe80::1:2"}) {
    CAPTURE(text);
    CHECK(parse_address(text).has_value());
  }
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.a", " 1.2.3.4", "localhost", ":",
                           ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::1",
                           "1:2:3:4:5:6:7:", "::ffff:1.2.3.4", "fe80::1%eth0"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_address(text).has_value());
  }
  CHECK(parse_address("127.0.0.1")->is_loopback());
  CHECK(parse_address("::1")->is_loopback());
  CHECK(parse_address("169.254.1.1")->is_link_local_unicast());
  CHECK(parse_address("0.0.0.0")->is_unspecified());
}

TEST_CASE("networks have a prefix and no bits behind it") {
  CHECK(parse_network("10.0.0.0/8").has_value());
  CHECK(parse_network("2001:db8::/64").has_value());
  for (const char* text : {"10.0.0.0", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/", "10.0.0.0/-1", "::/129", "/8"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_network(text).has_value());
  }
  CHECK(parse_network("10.0.0.5/24")->has_host_bits());
  CHECK_FALSE(parse_network("10.0.0.0/24")->has_host_bits());
  CHECK(parse_network("10.0.0.0/8")->contains(*parse_network("10.1.0.0/16")));
  CHECK_FALSE(parse_network("10.0.0.0/8")->contains(*parse_network("10.0.0.0/8")));
  CHECK_FALSE(parse_network("10.0.0.0/8")->contains(*parse_network("11.0.0.0/16")));
}
