// analyze runs every analyzer of Istio over the objects given as a JSON array on standard input, and prints
// what they found as JSON. `istioctl analyze --use-kube=false` leaves out each analyzer that needs a Service, a
// Pod or a Deployment; here those objects come with the input, so none is left out.
//
// Exit codes: 0 analyzed (with or without findings), 2 the input could not be read.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/local"
	"istio.io/istio/pkg/log"
)

type finding struct {
	Code     string `json:"code"`
	Level    string `json:"level"`
	Resource string `json:"resource"`
	Message  string `json:"message"`
}

type report struct {
	Skipped  []string  `json:"skipped"`
	Findings []finding `json:"findings"`
}

func main() {
	meshConfig := flag.String("mesh-config", "", "file with the mesh configuration")
	flag.Parse()
	if err := run(*meshConfig, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(meshConfig string, input io.Reader, output io.Writer) error {
	silenceLog()
	analyzer := local.NewIstiodAnalyzer(analyzers.AllCombined(), "", "istio-system", nil)
	if meshConfig != "" {
		if err := analyzer.AddFileKubeMeshConfig(meshConfig); err != nil {
			return fmt.Errorf("mesh configuration: %w", err)
		}
	}
	documents, err := readDocuments(input)
	if err != nil {
		return err
	}
	source := []local.ReaderSource{{Name: "objects", Reader: bytes.NewReader(documents)}}
	if err := analyzer.AddTestReaderKubeSource(source); err != nil {
		return fmt.Errorf("objects: %w", err)
	}
	result, err := analyzer.Analyze(make(chan struct{}))
	if err != nil {
		return err
	}
	found := report{Skipped: append([]string{}, result.SkippedAnalyzers...), Findings: []finding{}}
	for _, message := range result.Messages {
		resource := ""
		if message.Resource != nil {
			resource = message.Resource.Origin.FriendlyName()
		}
		found.Findings = append(found.Findings, finding{
			Code:     message.Type.Code(),
			Level:    message.Type.Level().String(),
			Resource: resource,
			Message:  fmt.Sprintf(message.Type.Template(), message.Parameters...),
		})
	}
	return json.NewEncoder(output).Encode(found)
}

// readDocuments turns the array into documents apart, the one form that every reader of Istio takes.
func readDocuments(input io.Reader) ([]byte, error) {
	var objects []json.RawMessage
	if err := json.NewDecoder(input).Decode(&objects); err != nil {
		return nil, fmt.Errorf("the input is no JSON array of objects: %w", err)
	}
	parts := make([][]byte, 0, len(objects))
	for _, object := range objects {
		parts = append(parts, object)
	}
	return bytes.Join(parts, []byte("\n---\n")), nil
}

func silenceLog() {
	options := log.DefaultOptions()
	options.SetDefaultOutputLevel(log.OverrideScopeName, log.NoneLevel)
	_ = log.Configure(options)
}
