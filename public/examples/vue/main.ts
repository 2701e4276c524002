import { createApp, defineComponent, h, ref } from "vue";
import type { GetCredential, TokenManagerEventMap } from "dcd-token-manager";

const getCredential: GetCredential = async () => {
  const response = await fetch("/session/token");
  return response.ok ? response.json() : null;
};

// In a template this is
//   <dcd-token-manager :contract-number="contract" .get-credential="getCredential"
//     @token-generated="generated.push($event.detail.id)" />
// with `isCustomElement: (tag) => tag === "dcd-token-manager"` among the compiler's options.
const App = defineComponent(() => {
  const contract = ref("31884391");
  const generated = ref<(string | null)[]>([]);

  return () => [
    h("h1", "My cloud"),
    h("label", [
      "Contract ",
      h(
        "select",
        {
          value: contract.value,
          onChange: (event: Event) => {
            contract.value = (event.target as HTMLSelectElement).value;
          },
        },
        ["31884391", "31990210"].map((number) => h("option", number)),
      ),
    ]),
    h("p", { role: "status" }, `Generated here: ${generated.value.length}`),
    h("dcd-token-manager", {
      "auth-api": "https://api.ionos.com/auth/v1",
      "contract-number": contract.value,
      // The dot makes it a property, even while the element's script is still loading.
      ".getCredential": getCredential,
      onTokenGenerated: ({ detail }: TokenManagerEventMap["token-generated"]) => {
        generated.value.push(detail.id);
      },
    }),
  ];
});

createApp(App).mount("#app");
