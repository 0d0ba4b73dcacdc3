import { Link, type LinkProps } from "react-router";
import { Label, type Look } from "./Button";

export function ButtonLink({ variant, danger, icon, keys, children, ...rest }: LinkProps & Look) {
  return (
    <Link {...rest} className="ds-button" data-variant={variant} data-color={danger ? "danger" : undefined}>
      <Label icon={icon} keys={keys}>
        {children}
      </Label>
    </Link>
  );
}
