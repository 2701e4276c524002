import { useEffect, useImperativeHandle, useRef, type ClassAttributes, type Ref } from "react";
import type {
  GetCredential,
  TokenManagerAttributes,
  TokenManagerElement,
  TokenManagerEventMap,
} from "dcd-token-manager";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "dcd-token-manager": ClassAttributes<TokenManagerElement> &
        TokenManagerAttributes & {
          // React 19 listens to the event that is named after `on`.
          "ontoken-generated"?: (event: TokenManagerEventMap["token-generated"]) => void;
        };
    }
  }
}

interface Props extends TokenManagerAttributes {
  getCredential: GetCredential;
  onTokenGenerated?: (id: string | null) => void;
  ref?: Ref<TokenManagerElement>;
}

export function TokenManager({ getCredential, onTokenGenerated, ref, ...attributes }: Props) {
  const element = useRef<TokenManagerElement>(null);
  useImperativeHandle(ref, () => element.current!);
  // As a prop, React would drop it while the element's script is still loading.
  useEffect(() => {
    element.current!.getCredential = getCredential;
  }, [getCredential]);
  return (
    <dcd-token-manager
      {...attributes}
      ref={element}
      ontoken-generated={({ detail }) => onTokenGenerated?.(detail.id)}
    />
  );
}
