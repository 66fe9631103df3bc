#include "cluster/paste/container_words.hpp"

#include <algorithm>
#include <string_view>

#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

namespace {

struct Phrase {
  std::string_view before;
  char closing;  // the word ends here, or at a blank or the end for ' '
};

constexpr Phrase image_phrases[] = {
    {"ailed to pull image \"", '"'}, {"ulling image \"", '"'}, {"ulled image \"", '"'}, {"Container image \"", '"'}};

constexpr Phrase name_phrases[] = {{"for \"", '"'},
                                   {"failed container=", ' '},
                                   {"failed container ", ' '},
                                   {"Created container ", ' '},
                                   {"Started container ", ' '},
                                   {"Created container: ", ' '},
                                   {"Started container: ", ' '},
                                   {"Container ", ' '},
                                   {"container \"", '"'},
                                   {"container: ", ')'}};

std::string word_after(std::string_view message, const Phrase& phrase) {
  std::size_t at = message.find(phrase.before);
  if (at == std::string_view::npos) {
    return {};
  }
  std::string_view rest = message.substr(at + phrase.before.size());
  std::size_t end = rest.find(phrase.closing);
  if (end == std::string_view::npos && phrase.closing != ' ') {
    return {};
  }
  return std::string(rest.substr(0, end));
}

// Ids of containers stand where names could: docker's and containerd's are long hexadecimal numbers.
bool is_container_name(std::string_view word) {
  bool hexadecimal = word.size() >= 12 && word.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return !hexadecimal && word.size() <= 63 && is_name(word) && word.find('.') == std::string_view::npos &&
         word != "in" && word != "with" && word != "image" && word != "id";
}

std::string in_braces(std::string_view field_path) {
  std::size_t open = field_path.find('{');
  return open != std::string_view::npos && field_path.ends_with('}')
             ? std::string(field_path.substr(open + 1, field_path.size() - open - 2))
             : std::string();
}

// The reason for which the kubelet lets a container wait when it says this after "Error: " (pkg/kubelet/container
// sync_result.go and kuberuntime_container.go), or empty.
std::string_view reason_of(std::string_view error) {
  constexpr std::string_view reasons[] = {"ErrImagePull",
                                          "ImagePullBackOff",
                                          "InvalidImageName",
                                          "ErrImageNeverPull",
                                          "CreateContainerConfigError",
                                          "CreateContainerError",
                                          "ImageInspectError",
                                          "RegistryUnavailable",
                                          "RunContainerError",
                                          "SignatureValidationFailed"};
  for (std::string_view reason : reasons) {
    if (error.substr(0, error.find_first_of(" :")) == reason) {
      return reason;
    }
  }
  auto begins = [error](std::string_view words) { return error.starts_with(words); };
  auto has = [error](std::string_view words) { return error.find(words) != std::string_view::npos; };
  if (begins("failed to start container") || begins("failed to create containerd task") || has("OCI runtime create") ||
      begins("cannot find volume") || begins("failed to run Kubelet")) {
    return "RunContainerError";
  }
  if (begins("couldn't find key") || has("runAsNonRoot") || has("non-root") || has("subPath") || has("subpath") ||
      ((begins("secret") || begins("configmap") || begins("Secret")) && has("not found"))) {
    return "CreateContainerConfigError";
  }
  if (begins("Error response from daemon") || begins("failed to generate container") ||
      begins("failed to create container") || begins("container create failed")) {
    return "CreateContainerError";
  }
  return {};
}

void agree(std::string& known, bool& differ, std::string word) {
  if (word.empty()) {
    return;
  }
  auto tagged = [](const std::string& longer, const std::string& shorter) {
    return longer.starts_with(shorter) && longer.size() > shorter.size() &&
           (longer[shorter.size()] == ':' || longer[shorter.size()] == '@');
  };
  if (tagged(known, word)) {
    return;  // the runtime's words leave the tag out
  }
  differ = differ || (!known.empty() && known != word && !tagged(word, known));
  known = std::move(word);
}

}  // namespace

ContainerWords container_words(std::span<const EventText* const> events) {
  ContainerWords words;
  bool names_differ = false;
  bool images_differ = false;
  for (const EventText* event : events) {
    bool scheduler = event->reason == "FailedScheduling" || event->reason == "Scheduled";
    bool of_volumes = event->reason.find("Volume") != std::string::npos || event->reason == "FailedMount";
    if (scheduler || of_volumes || event->reason == "FailedCreatePodSandBox") {
      continue;
    }
    std::string name = in_braces(event->field_path);
    for (const Phrase& phrase : name_phrases) {
      if (!name.empty()) {
        break;
      }
      std::string word = word_after(event->message, phrase);
      name = is_container_name(word) ? word : std::string();
    }
    agree(words.name, names_differ, std::move(name));
    for (const Phrase& phrase : image_phrases) {
      std::string image = word_after(event->message, phrase);
      if (!image.empty()) {
        agree(words.image, images_differ, std::move(image));
        break;
      }
    }
    constexpr std::string_view error = "Error: ";
    if (event->reason == "Failed" && event->message.starts_with(error)) {
      std::string_view text = std::string_view(event->message).substr(error.size());
      std::string_view reason = reason_of(text);
      if (!reason.empty() && (words.message.empty() || text.size() > reason.size())) {
        words.reason = reason;
        words.message = text == reason ? std::string() : std::string(text);
      }
    } else if (words.reason.empty() && event->reason == "Failed" &&
               event->message.find("ailed to pull image") != std::string::npos) {
      words.reason = "ErrImagePull";
    }
  }
  if (names_differ) {
    words.name.clear();
  }
  if (images_differ) {
    words.image.clear();
  }
  return words;
}

}  // namespace podcheck::cluster::paste
