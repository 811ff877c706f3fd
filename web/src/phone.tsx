// The phone page: asks who it is when the address does not say, and then is that user's phone.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Chooser } from "./ui/chooser.tsx";
import { PhonePage } from "./ui/phone-page.tsx";
import { identityOf } from "./phone/identity.ts";
import "./ui/style.css";

const place = document.getElementById("phone");
if (!place) throw new Error("phone/index.html has no element #phone");

const identity = identityOf(new URL(location.href));
createRoot(place).render(
  <StrictMode>{identity ? <PhonePage identity={identity} /> : <Chooser />}</StrictMode>,
);
