// The office app's words. Imported before anything that asks for one.
import office from "../../locales/sv.office.json";
import { addTexts } from "../i18n";

addTexts(office);
