//! How to use a token: snippets that read it from the environment, and files around it.
//!
//! A token's value is in none of them. In files the page puts it between [`FileFormat::prefix`] and
//! [`FileFormat::suffix`].

/// A tool or a language in which a token is used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Snippet {
    /// A request by curl.
    Curl,
    /// Setting the variable in Bash.
    Bash,
    /// Setting the variable in PowerShell.
    PowerShell,
    /// IONOS Cloud's own command line.
    Ionosctl,
    /// The Terraform provider.
    Terraform,
    /// The Ansible collection.
    Ansible,
    /// The Python SDK.
    Python,
    /// The Go SDK.
    Go,
    /// A secret in Kubernetes.
    Kubernetes,
    /// A secret of GitHub Actions.
    GitHub,
    /// A variable of GitLab CI/CD.
    GitLab,
}

impl Snippet {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 11] = [
        Self::Curl,
        Self::Bash,
        Self::PowerShell,
        Self::Ionosctl,
        Self::Terraform,
        Self::Ansible,
        Self::Python,
        Self::Go,
        Self::Kubernetes,
        Self::GitHub,
        Self::GitLab,
    ];

    /// The tool's or language's own name, the same in all languages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Curl => "curl",
            Self::Bash => "Bash",
            Self::PowerShell => "PowerShell",
            Self::Ionosctl => "ionosctl",
            Self::Terraform => "Terraform",
            Self::Ansible => "Ansible",
            Self::Python => "Python",
            Self::Go => "Go",
            Self::Kubernetes => "Kubernetes",
            Self::GitHub => "GitHub Actions",
            Self::GitLab => "GitLab CI/CD",
        }
    }

    /// The snippet, ready to paste. It reads the token from the variable `IONOS_TOKEN`.
    pub fn text(&self) -> &'static str {
        match self {
            Self::Curl => {
                r#"curl -H "Authorization: Bearer $IONOS_TOKEN" https://api.ionos.com/cloudapi/v6/datacenters"#
            }
            // It is one line, because a second one, pasted along, would be read as the token. The
            // number lifts the terminal's limit for lines, which tokens exceed on macOS (1024
            // characters).
            Self::Bash => {
                r#"read -rs -n 16384 -p "Token: " IONOS_TOKEN && export IONOS_TOKEN && echo"#
            }
            // `Read-Host` takes 1022 characters, and tokens are longer.
            Self::PowerShell => {
                r#"# Copy the token first: a prompt would cut it off.
$env:IONOS_TOKEN = Get-Clipboard
Invoke-RestMethod https://api.ionos.com/cloudapi/v6/datacenters -Headers @{ Authorization = "Bearer $env:IONOS_TOKEN" }"#
            }
            Self::Ionosctl => {
                r#"# ionosctl reads IONOS_TOKEN by itself.
ionosctl datacenter list

# To keep the token in the configuration of ionosctl:
ionosctl login --token "$IONOS_TOKEN""#
            }
            Self::Terraform => {
                r#"terraform {
  required_providers {
    ionoscloud = {
      source  = "ionos-cloud/ionoscloud"
      version = "~> 6.7"
    }
  }
}

# The provider reads IONOS_TOKEN by itself.
provider "ionoscloud" {}"#
            }
            Self::Ansible => {
                r#"# pip install ionoscloud
# ansible-galaxy collection install ionoscloudsdk.ionoscloud
- hosts: localhost
  gather_facts: false
  tasks:
    # The modules read IONOS_TOKEN by themselves.
    - name: List data centers
      ionoscloudsdk.ionoscloud.datacenter_info:
      register: result

    - name: Show their names
      ansible.builtin.debug:
        msg: "{{ result.datacenters | map(attribute='properties.name') | list }}""#
            }
            Self::Python => {
                r#"# pip install ionoscloud
import os

import ionoscloud

configuration = ionoscloud.Configuration(token=os.environ["IONOS_TOKEN"])
with ionoscloud.ApiClient(configuration) as client:
    datacenters = ionoscloud.DataCentersApi(client).datacenters_get(depth=1)
    for datacenter in datacenters.items:
        print(datacenter.id, datacenter.properties.name)"#
            }
            Self::Go => {
                r#"// go get github.com/ionos-cloud/sdk-go/v6
package main

import (
	"context"
	"fmt"
	"log"

	ionoscloud "github.com/ionos-cloud/sdk-go/v6"
)

func main() {
	// The configuration reads IONOS_TOKEN.
	client := ionoscloud.NewAPIClient(ionoscloud.NewConfigurationFromEnv())
	datacenters, _, err := client.DataCentersApi.DatacentersGet(context.Background()).Depth(1).Execute()
	if err != nil {
		log.Fatal(err)
	}
	for _, datacenter := range *datacenters.Items {
		fmt.Println(*datacenter.Id, *datacenter.Properties.Name)
	}
}"#
            }
            // Through standard input, because every process of the machine may read the arguments
            // of another.
            Self::Kubernetes => {
                r#"printf %s "$IONOS_TOKEN" | kubectl create secret generic ionos-token --from-file=IONOS_TOKEN=/dev/stdin

# In the specification of the container:
#   envFrom:
#     - secretRef:
#         name: ionos-token"#
            }
            Self::GitHub => {
                r#"printf %s "$IONOS_TOKEN" | gh secret set IONOS_TOKEN

# In the step of the workflow:
#   env:
#     IONOS_TOKEN: ${{ secrets.IONOS_TOKEN }}"#
            }
            Self::GitLab => {
                r#"printf %s "$IONOS_TOKEN" | glab variable set IONOS_TOKEN --masked

# Jobs find IONOS_TOKEN in their environment."#
            }
        }
    }
}

/// How a token is kept in a file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum FileFormat {
    /// The token and nothing else, not even a newline.
    #[default]
    Bare,
    /// A variable, as Docker, systemd and many tools read it.
    Env,
    /// The configuration of `ionosctl`, which the SDKs and the Terraform provider read too.
    IonosctlConfig,
}

impl FileFormat {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Bare, Self::Env, Self::IonosctlConfig];

    /// What comes before the token.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Bare => "",
            Self::Env => "IONOS_TOKEN=",
            Self::IonosctlConfig => {
                r#"version: 1.0
currentProfile: user
profiles:
  - name: user
    environment: prod
    credentials:
      token: ""#
            }
        }
    }

    /// What comes after the token.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Bare => "",
            Self::Env => "\n",
            // Without products the usual endpoints are used.
            Self::IonosctlConfig => {
                r#""
environments:
  - name: prod
    products: []
"#
            }
        }
    }

    /// The name of the file of a token, given the part that tells tokens apart; it may be empty.
    pub fn file_name(self, stem: &str) -> String {
        let (name, extension) = match self {
            Self::Bare => ("ionos-token", ".txt"),
            Self::Env => ("ionos-token", ".env"),
            Self::IonosctlConfig => ("ionosctl-config", ".yaml"),
        };
        let separator = if stem.is_empty() { "" } else { "-" };
        [name, separator, stem, extension].concat()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::looks_like_token;

    #[test]
    fn every_snippet_reads_the_variable_and_holds_no_token() {
        for snippet in Snippet::ALL {
            let text = snippet.text();
            assert!(text.contains("IONOS_TOKEN"), "{snippet:?}");
            assert!(!looks_like_token(text), "{snippet:?}");
        }
    }

    #[test]
    fn every_snippet_is_offered_once_under_its_own_name() {
        let names: BTreeSet<_> = Snippet::ALL.map(Snippet::name).into();
        let texts: BTreeSet<_> = Snippet::ALL.map(|snippet| snippet.text()).into();
        assert_eq!(names.len(), Snippet::ALL.len());
        assert_eq!(texts.len(), Snippet::ALL.len());
    }

    #[test]
    fn snippets_are_clean_to_paste() {
        for snippet in Snippet::ALL {
            let text = snippet.text();
            assert_eq!(text.trim(), text, "{snippet:?}");
            assert!(text.is_ascii(), "{snippet:?}");
            assert!(!text.contains('\r'), "{snippet:?}");
            assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        }
    }

    #[test]
    fn a_prompt_for_the_token_is_the_last_thing_that_is_pasted() {
        assert_eq!(Snippet::Bash.text().lines().count(), 1);
    }

    #[test]
    fn no_tool_gets_the_token_as_an_argument_that_can_read_it_elsewhere() {
        for snippet in [Snippet::Kubernetes, Snippet::GitHub, Snippet::GitLab] {
            let command = snippet.text().lines().next().unwrap();
            let (before, tool) = command.split_once(" | ").unwrap();
            assert_eq!(before, r#"printf %s "$IONOS_TOKEN""#);
            assert!(!tool.contains('$'), "{tool}");
        }
    }

    /// The file of a token.
    fn file(format: FileFormat) -> String {
        [format.prefix(), "a.b-c.d_e", format.suffix()].concat()
    }

    #[test]
    fn a_bare_file_is_the_token_and_nothing_else() {
        assert_eq!(file(FileFormat::default()), "a.b-c.d_e");
        assert_eq!(file(FileFormat::Bare), "a.b-c.d_e");
    }

    #[test]
    fn an_env_file_is_one_line() {
        assert_eq!(file(FileFormat::Env), "IONOS_TOKEN=a.b-c.d_e\n");
    }

    #[test]
    fn a_configuration_names_the_profile_it_uses() {
        assert_eq!(
            file(FileFormat::IonosctlConfig),
            "version: 1.0\n\
             currentProfile: user\n\
             profiles:\n  \
               - name: user\n    \
                 environment: prod\n    \
                 credentials:\n      \
                   token: \"a.b-c.d_e\"\n\
             environments:\n  \
               - name: prod\n    \
                 products: []\n"
        );
    }

    #[test]
    fn file_names_tell_tokens_and_formats_apart() {
        assert_eq!(
            FileFormat::ALL.map(|format| format.file_name("bd3a53c1")),
            [
                "ionos-token-bd3a53c1.txt",
                "ionos-token-bd3a53c1.env",
                "ionosctl-config-bd3a53c1.yaml"
            ]
        );
        assert_eq!(
            FileFormat::ALL.map(|format| format.file_name("")),
            ["ionos-token.txt", "ionos-token.env", "ionosctl-config.yaml"]
        );
    }
}
