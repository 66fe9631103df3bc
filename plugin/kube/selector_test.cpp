#include "kube/selector.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "kube/json_test_support.hpp"

using namespace podcheck;
using namespace podcheck::kube;

namespace {

using Pairs = std::vector<std::pair<const char*, const char*>>;

// A flat mapping of strings.
struct Labels {
  document::Tree tree;
  explicit Labels(const Pairs& pairs) {
    document::TreeBuilder builder(tree);
    builder.begin_mapping();
    for (const auto& [key, value] : pairs) {
      builder.key(key);
      builder.string(value);
    }
    builder.end();
  }
  document::Node node() const { return tree.root(); }
};

const Pairs none;

}  // namespace

TEST_CASE("string selectors select as kubectl -l does") {
  Labels labels({{"app", "web"}, {"tier", "front"}, {"cores", "8"}, {"empty", ""}});
  struct Row {
    const char* text;
    bool match;
  };
  for (const Row& row :
       {Row{"", true}, Row{"app=web", true}, Row{"app==web", true}, Row{"app=api", false}, Row{"app!=api", true},
        Row{"zone!=a", true}, Row{"app in (api, web)", true}, Row{"app notin (web)", false},
        Row{"zone notin (a)", true}, Row{"tier", true}, Row{"!tier", false}, Row{"!zone", true},
        Row{"cores>4,cores<9", true}, Row{"cores>8", false}, Row{"app>1", false}, Row{"empty=", true},
        Row{"app=web,tier=back", false}, Row{" app = web , tier ", true}, Row{"empty in (,x)", true}}) {
    CAPTURE(row.text);
    auto selector = parse_selector(row.text);
    REQUIRE(selector);
    CHECK(selector->matches(labels.node()) == row.match);
  }
  for (const char* bad : {"=", ",", "app,", "app in web", "app in (a", "(a)", "a b", "!", "a=b,,c", "a=="}) {
    CAPTURE(bad);
    if (std::string(bad) == "a==") {
      CHECK(parse_selector(bad));  // an empty value
    } else {
      CHECK_FALSE(parse_selector(bad));
    }
  }
}

TEST_CASE("a service selects by all of its labels, and by none at all nothing") {
  Labels labels({{"app", "web"}, {"tier", "front"}});
  CHECK(service_matches(Labels(Pairs{{"app", "web"}}).node(), labels.node()));
  CHECK_FALSE(service_matches(Labels({{"app", "web"}, {"x", "y"}}).node(), labels.node()));
  CHECK_FALSE(service_matches(Labels(none).node(), labels.node()));
  CHECK_FALSE(service_matches({}, labels.node()));
  CHECK_FALSE(matches({}, labels.node()));
  CHECK(matches(Labels(none).node(), labels.node()));
}

TEST_CASE("requirements on numbers need numbers on both sides") {
  Requirement greater{"x", Operator::greater, {"4"}};
  CHECK(greater.matches("5"));
  CHECK_FALSE(greater.matches("4"));
  CHECK_FALSE(greater.matches("five"));
  CHECK_FALSE(greater.matches(std::nullopt));
  CHECK(operator_from("DoesNotExist") == Operator::does_not_exist);
  CHECK_FALSE(operator_from("in"));
}

TEST_CASE("label selectors and node selector terms") {
  Json labels("{'app':'web','cores':'8'}");
  struct Row {
    const char* selector;
    bool match;
  };
  for (const Row& row :
       {Row{"{'matchLabels':{'app':'web'}}", true}, Row{"{'matchLabels':{'app':'api'}}", false},
        Row{"{'matchExpressions':[{'key':'app','operator':'In','values':['api','web']}]}", true},
        Row{"{'matchExpressions':[{'key':'zone','operator':'NotIn','values':['a']}]}", true},
        Row{"{'matchExpressions':[{'key':'zone','operator':'Exists'}]}", false},
        Row{"{'matchLabels':{'app':'web'},'matchExpressions':[{'key':'zone','operator':'DoesNotExist'}]}", true},
        Row{"{'matchExpressions':[{'key':'zone','operator':'exists'}]}", false}, Row{"{}", true}, Row{"null", false}}) {
    CAPTURE(row.selector);
    CHECK(matches(Json(row.selector).root(), labels.root()) == row.match);
  }
  for (const Row& row :
       {Row{"{'nodeSelectorTerms':[]}", false}, Row{"{'nodeSelectorTerms':[{}]}", false},
        Row{"{'nodeSelectorTerms':[{},{'matchExpressions':[{'key':'cores','operator':'Gt','values':['4']}]}]}", true},
        Row{"{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'In','values':['n1']}]}]}", true},
        Row{"{'nodeSelectorTerms':[{'matchFields':[{'key':'metadata.name','operator':'NotIn','values':['n1']}]}]}",
            false},
        Row{"{'nodeSelectorTerms':[{'matchExpressions':[{'key':'app','operator':'Exists'}],'matchFields':[{'key':"
            "'metadata.name','operator':'In','values':['n2']}]}]}",
            false}}) {
    CAPTURE(row.selector);
    CHECK(node_selector_matches(Json(row.selector).root(), labels.root(), "n1") == row.match);
  }
}
