package server_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

const golden = "../openapi.json"

func TestTheOpenAPIDocumentIsTheCommittedOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc, err := w.server.OpenAPI()
	must(t, err)
	var pretty bytes.Buffer
	must(t, json.Indent(&pretty, doc, "", "  "))
	pretty.WriteByte('\n')
	if *update {
		must(t, os.WriteFile(golden, pretty.Bytes(), 0o644))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if !bytes.Equal(want, pretty.Bytes()) {
		t.Fatal("services/api/openapi.json is not what the operations say; run the test with -update and regenerate the web client")
	}
}
